import { tables } from './table.ts';

export const university = tables({
  departments: {
    columns: ['department_id integer not null', 'name text not null', 'building text', 'budget numeric(14,2)'],
    key: ['department_id'],
  },
  professors: {
    columns: [
      'professor_id integer not null',
      'full_name text not null',
      'department_id integer not null -> departments.department_id',
      'hired_on date not null',
      'salary numeric(10,2) not null',
      'is_tenured boolean not null',
    ],
    key: ['professor_id'],
  },
  students: {
    columns: [
      'student_id integer not null',
      'first_name text not null',
      'last_name text not null',
      'email text',
      'birth_date date not null',
      'advisor_id integer -> professors.professor_id',
      'major_id integer -> departments.department_id',
      'is_international boolean not null',
      'standing character(1) not null -- F = freshman, S = sophomore, J = junior, R = senior.',
    ],
    key: ['student_id'],
  },
  courses: {
    columns: [
      'course_id integer not null',
      'code text not null',
      'title text not null',
      'department_id integer not null -> departments.department_id',
      'credits smallint not null',
      'is_online boolean not null',
    ],
    key: ['course_id'],
    unique: [['code']],
  },
  enrollments: {
    columns: [
      'enrollment_id bigint not null',
      'student_id integer not null -> students.student_id',
      'course_id integer not null -> courses.course_id',
      'enrolled_on date not null',
      'grade numeric(4,2)',
      'state text not null -- one of active, completed or withdrawn',
    ],
    key: ['enrollment_id'],
    unique: [['student_id', 'course_id']],
  },
  exams: {
    columns: [
      'exam_id bigint not null',
      'enrollment_id bigint not null -> enrollments.enrollment_id',
      'taken_on date not null',
      'score numeric(5,2)',
      'attempt smallint not null',
    ],
    key: ['exam_id'],
  },
});
