import type { IntentRequest } from '../intentPort.ts';
import { quoted, quotedName } from '../quoted.ts';
import { requestText, type RequestOptions } from '../specsGenerator/request.ts';
import type { TargetColumn } from '../../spec/spec.ts';

/** What the writer of the spec was told at first, and the names of the result; nothing of what became of it. */
export function intentRequestText(request: IntentRequest, options: RequestOptions = {}): string {
  const { prompt, catalogue, answers, glossary, columns } = request;
  const asked = { prompt, catalogue, ...(answers && { answers }), ...(glossary && { glossary }) };
  return `${requestText(asked, options)}\n\n<columns>\n${columns.map(columnText).join('\n')}\n</columns>`;
}

const plainType = /^[a-z][a-z0-9_ ]*(\([0-9, ]+\))?[a-z ]*(\[\])*$/;

const columnText = ({ name, type }: TargetColumn): string =>
  `${quotedName(name)} ${plainType.test(type) ? type : quoted(type, 140)}`;
