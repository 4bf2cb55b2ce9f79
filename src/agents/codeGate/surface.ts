import type { Inspection } from './finding.ts';

const longest = 200_000;

/**
 * What has to hold of the text itself, so that Python reads the same script as the gate: Python turns letters of other
 * alphabets into plain ones, takes an encoding from a comment, and ends a line where others do not.
 */
export function checkSurface(source: string, report: Inspection['report']): void {
  if (source.length > longest) {
    report(
      'too-long',
      { from: 0, text: '' },
      `A script has at most ${longest} characters; this one has ${source.length}.`,
    );
  }
  for (const { index, 0: sign } of source.matchAll(strange)) {
    const name = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    report('characters', { from: index, text: '' }, `The character ${name} may not stand in a script.`);
  }
  const head = source.split('\n', 2).join('\n');
  if (/^[ \t\f]*#.*coding[:=]/m.test(head)) {
    report('characters', { from: 0, text: head }, 'A script is UTF-8 and names no other encoding.');
  }
}

/** Control characters but tab and line feed (and a carriage return before one), and what is not seen. */
const strange =
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\p{Cf}|\p{Cs}|\p{Co}/gu;
