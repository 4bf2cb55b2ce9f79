import type { Remediator } from './ports.ts';
import { boundOf, type Planning } from './remediator/bounds.ts';
import { correctionOf, type CorrectionTools } from './remediator/correction.ts';
import { diagnosisOf } from './remediator/diagnosis.ts';

export interface RemediatorOptions {
  /** Without a model only what evidence proves is mended. */
  readonly model?: CorrectionTools & Planning;
}

/** Evidence first; a model only for what evidence leaves open, and no longer than it gets anywhere. */
export const createRemediator = ({ model }: RemediatorOptions = {}): Remediator => ({
  async remedy(request, signal) {
    const { remedy, isSure } = diagnosisOf(request);
    if (request.visible) {
      const { layer, reason } = remedy;
      const visible = 'Its rows are visible already, and another run would write them a second time.';
      return { kind: 'none', layer, reason: `${reason} ${visible}` };
    }
    if (isSure || !model) return remedy;
    return boundOf(request, model) ?? correctionOf(request, { tools: model, known: remedy, signal });
  },
});
