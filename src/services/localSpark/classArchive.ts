/** The classes that Spark's JVM starts with, as Java keeps them for itself (class data sharing): it starts in half the time. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Beside the driver, for it holds good for this class path only; Java takes no notice of one that does not fit. */
export const classArchive = (jdbcJar: string): string => join(dirname(jdbcJar), 'spark-classes.jsa');

/** Nobody needs to hear of classes that cannot be archived, or of an archive that does not fit. */
const quietly = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off', '-Xlog:class+path=off'];

/** To make one when the JVM ends. */
export const archiving = (file: string): readonly string[] => [`-XX:ArchiveClassesAtExit=${file}`, ...quietly];

/** To start from the one that is there. */
export function fromArchive(jdbcJar: string): readonly string[] {
  const file = classArchive(jdbcJar);
  return existsSync(file) ? [`-XX:SharedArchiveFile=${file}`, ...quietly] : [];
}
