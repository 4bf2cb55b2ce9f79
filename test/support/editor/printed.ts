/** Begins every line that the suites print: invisible, and nothing of the editor's begins with it. */
export const ours = '\u2063';
