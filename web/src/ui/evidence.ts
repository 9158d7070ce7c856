/** What evidence may be called when it is attached; other files of a case keep the kind they have. */
export const evidenceKinds = ['invoice', 'monitoring', 'photo', 'contract', 'other'] as const
