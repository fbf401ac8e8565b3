/**
 * The corpus: every message and view the product can produce, over arbitrary states. One entry per builder that lambdas/slack/views
 * exports, named `file.export`; a test fails when one is missing. Who adds a picture adds it here, and it is held against
 * Slack's limits, against hostile words and, with a token, against Slack itself (npm run test:blocks).
 */
import { AUTHENTICATOR_PIECES } from './authenticator-pieces.ts';
import { CONTAINER_PIECES } from './container-pieces.ts';
import { FORM_PIECES } from './form-pieces.ts';
import { OVERVIEW_PIECES } from './overview-pieces.ts';
import type { Pieces } from './piece.ts';
import { REFUSAL_PIECES } from './refusal-pieces.ts';
import { REQUEST_PIECES } from './request-pieces.ts';
import { UNUSUAL_PIECES } from './unusual-pieces.ts';

export const CORPUS: ReadonlyMap<string, Pieces> = new Map([
  ...Object.entries(REQUEST_PIECES),
  ...Object.entries(AUTHENTICATOR_PIECES),
  ...Object.entries(CONTAINER_PIECES),
  ...Object.entries(FORM_PIECES),
  ...Object.entries(OVERVIEW_PIECES),
  ...Object.entries(REFUSAL_PIECES),
  ...Object.entries(UNUSUAL_PIECES),
]);

/** Exports that make a part of a picture only, and the entry in which it is seen. */
export const PARTS: Readonly<Record<string, string>> = {
  'card.whyBlocks': 'card.card',
  'enroll.codeInput': 'enroll.replaceModal',
  'enroll.form': 'enroll.linkModal',
  'enroll.plain': 'enroll.linkModal',
  'extension.deniedBlocks': 'receipt.receipt',
  'extension.extendButton': 'receipt.receipt',
  'extension.extensionBlocks': 'card.card',
  'extension.extensionButtons': 'card.card',
  'form-emergency.emergencyBlocks': 'form.requestForm',
  'form-fields.besideInputs': 'form.requestForm',
  'form-fields.glassInput': 'form.requestForm',
  'form-fields.incidentInput': 'form.requestForm',
  'form-options.durationOptions': 'form.requestForm',
  'form-options.targetOption': 'form.requestForm',
  'home-authenticator.authenticatorBlocks': 'home.home',
  'home-health.alertBlocks': 'home.home',
  'home-health.healthBlocks': 'home.home',
  'home-parts.header': 'home.home',
  'home-parts.listing': 'home.home',
  'home-parts.row': 'home.home',
  'modals.codeInput': 'modals.requestModal',
  'modals.form': 'modals.requestModal',
  'modals.whyNotInput': 'modals.denyModal',
  'nudge.nudgeButtons': 'receipt.receipt',
  'stop-notices.confirmButton': 'stop-notices.stopNotices',
  'parts.actions': 'card.card',
  'parts.button': 'card.card',
  'parts.context': 'card.card',
  'parts.endButton': 'card.card',
  'parts.mrkdwnSection': 'card.card',
  'parts.quoted': 'card.card',
  'parts.section': 'card.card',
  'unusual.reviewButtons': 'card.card',
  'unusual.startButtons': 'receipt.receipt',
};
