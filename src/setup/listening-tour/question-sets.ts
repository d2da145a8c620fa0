/** Question sets to start from, one for each audience: under four minutes on a phone. Every text can be changed before the launch. */
import type { Audience } from '../taxonomy.ts'
import type { Question } from './schemas.ts'

const q = (
  id: string,
  kind: Question['kind'],
  text: string,
  more: Partial<Pick<Question, 'help' | 'options' | 'isNeeded'>> = {},
): Question => ({ id, kind, text, help: '', options: [], isNeeded: false, ...more })

/** Read by “Is it time?”: how much of a week goes, and whether leaders can see what is worked on. */
export const shareQuestion = 'share'
export const portfolioQuestion = 'portfolio'

/** Which frictions are offered at once; the others are a press away. */
export const offeredFirst: Record<Audience, readonly string[]> = {
  'product-managers': [
    'data-extraction',
    'reporting',
    'executive-decks',
    'status-reporting',
    'roadmap-upkeep',
    'research-recruiting',
    'feedback-triage',
    'process-overhead',
  ],
  leaders: [
    'portfolio-view',
    'executive-decks',
    'metric-definitions',
    'data-extraction',
    'planning-inputs',
    'status-reporting',
    'handoffs',
    'reporting',
  ],
  'sales-and-support': [
    'sales-requests',
    'support-escalations',
    'data-extraction',
    'feedback-triage',
    'launch-logistics',
    'roadmap-upkeep',
    'handoffs',
    'tool-sprawl',
  ],
}

const area = q('area', 'area', 'Which part of the product do you work on?', {
  help: 'Shown only where enough people of an area have answered.',
})

export const questionSets: Record<Audience, Question[]> = {
  'product-managers': [
    q(shareQuestion, 'share', 'How much of your week goes into getting data and arranging things?', {
      help: 'Pulling figures, chasing people, booking, formatting. A rough share is enough.',
      isNeeded: true,
    }),
    q(
      'frictions',
      'frictions',
      'What takes a good part of your week and does not help you make better product decisions?',
      {
        help: 'Up to three, the worst first.',
        isNeeded: true,
      },
    ),
    q('half-day', 'text', 'When did you last lose half a day to something that decided nothing? What was it?'),
    q('stop', 'text', 'What would you stop doing tomorrow if you could?'),
    area,
  ],
  leaders: [
    q(portfolioQuestion, 'scale', 'Can you say today what every product team works on, and why?', {
      options: ['Not at all', 'At once'],
      isNeeded: true,
    }),
    q(shareQuestion, 'share', 'How much of your week goes into finding out what you need to know?', { isNeeded: true }),
    q('frictions', 'frictions', 'What do you dig for, in which system, and how long does it take?', {
      help: 'Tickets, deals, figures, decks: up to three.',
      isNeeded: true,
    }),
    q('unanswered', 'text', 'Which question could you not answer the last time the board asked?'),
    q('deck', 'text', 'Who built the last deck, and how long did it take them?'),
  ],
  'sales-and-support': [
    q('frictions', 'frictions', 'What costs you time because you cannot see what product is doing?', {
      help: 'Up to three, the worst first.',
      isNeeded: true,
    }),
    q('outcome', 'choice', 'What became of your last request to product?', {
      options: [
        'Built',
        'Declined, with a reason',
        'Still open, and I know where it stands',
        'I never heard of it again',
      ],
      isNeeded: true,
    }),
    q('request', 'text', 'What was it, and who is waiting for it?'),
    q(shareQuestion, 'share', 'How much of your week goes into finding answers about the product for others?'),
    area,
  ],
}
