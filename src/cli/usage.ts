import { glueVariables } from '../services/glue/environment.ts';

export const usage = `Usage: datamorph COMMAND [options]

  schema            prints the tables that the connection may see
  plan PROMPT       writes a spec for a prompt, and runs nothing
  check SPEC        checks a spec against the live database
  compile SPEC      writes the PySpark and the reference SQL beside the spec (or into --out)
  run SPEC|PROMPT   runs a spec, or plans and runs a prompt, and compares every row with PostgreSQL's own answer
  validate SPEC|ID  compares the target with PostgreSQL's own answer, and runs nothing
  runs              lists the runs of the workspace
  logs ID           prints the log of a run
  resume ID         goes on with a run that stands still or whose process died
  cancel ID         stops a run, whichever process has it
  setup             sets up local Spark, or mends it

A PROMPT is an argument, or - for standard input, or --file FILE. A file that ends in .json is a spec.

Options
  --connection NAME|URL  a connection of the workspace's settings, or postgres://user@host:port/database; otherwise
                    PGSERVICE, or PGHOST, PGPORT, PGDATABASE and PGUSER; --source and --target name the same one
  --file FILE       reads the prompt, or the spec, from a file
  --into TABLE      the table that the prompt's answer goes to
  --mode MODE       replace, append, upsert or history
  --answer ID=CHOICE  answers a question; may be given several times
  --until STEP      stops behind the step: plan or code
  --spec FILE       with resume: goes on from an edited spec
  --script FILE     with resume: goes on from an edited script
  --force           with resume: takes the run from another machine
  --engine NAME     where run runs: local (Spark on this machine, the default) or glue (AWS Glue 5.0)
  --model NAME      who plans: offline (the default, but on AWS Glue), bedrock, bedrock:ID or openai:URL#ID; DATAMORPH_MODEL
  --samples         lets the model look at values of the tables, masked; otherwise it sees names, types and comments only
  --max-dollars N, --max-tokens N, --max-minutes N  what the run may take of a model; 2, 500000 and 60 where nothing is said
  --codegen HOW     who writes the PySpark: compiled (the default) or model
  --publish WHEN    later (the default): when the rows have been compared, and only if they are right; or now: before that
  --rounds N        how often a wrong result may be mended, from 0 to 5; 5 where it is left out
  --skip PHASES     leaves phases of the validation out: rules, intent, execution, comparison, verification, analysis
  --compare-rows N  compares a sample where the target has more rows; 20000000 where nothing is said
  --report FILE     with validate: writes a report, by its end .md, .html, .json or .xml
  --timeout MINUTES  how long the job may take; 15 where it is left out
  --out FOLDER      where compile and plan write
  --workspace DIR   where runs are kept (.datamorph/runs); the current folder otherwise
  --json            tells what happens on standard output, one JSON object a line; people's text goes to standard error
  --verbose         shows what the job prints
  --remove          with setup: removes local Spark
  --help

The password comes from the service file, PGPASSWORD or the password file (PGPASSFILE, ~/.pgpass).
DATAMORPH_PYTHON and DATAMORPH_JDBC_JAR name a Python with pyspark 3.5.4 and PostgreSQL's JDBC driver to be used instead
of what setup has made.
DATAMORPH_LOG_TABLE names a table of DynamoDB for the logs of runs, DATAMORPH_ARTIFACTS_BUCKET a bucket for a second copy of
what they make.

AWS Glue needs, beside credentials that the AWS SDK finds by itself:
${glueVariables}

Exit status: 0 done, 1 the result is wrong, 2 usage, 3 refused: the spec has errors, 4 the job failed, 5 no connection or
other trouble outside, 6 questions are open, 7 the budget is spent, 130 cancelled.
`;
