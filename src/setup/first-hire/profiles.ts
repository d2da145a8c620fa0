/** Whom each pillar needs first. Source: conversations of Perri and Tilles on Product Operations, and their book. */
import type { Pillar } from '../taxonomy.ts'
import type { Profile, Question } from './schemas.ts'

/** Asked of everybody, whatever the pillar. */
const always: readonly Question[] = [
  {
    question: 'Tell me about a process that you hated and automated, or built a system for.',
    listenFor: [
      'What it cost whom, in time',
      'That people took it up because it helped',
      'What they would do otherwise now',
    ],
    mind: 'A process that was mandated, and nobody was asked.',
  },
  {
    question: 'When did you last change your mind about something important, and why?',
    listenFor: ['A reason that came from others or from data', 'What they did differently afterwards'],
    mind: 'No example.',
  },
  {
    question: 'Tell me about a time you failed.',
    listenFor: ['Their own part in it', 'What they changed'],
    mind: 'No example, or one that is praise in disguise.',
  },
  {
    question: 'How would you know after ninety days that you were of use?',
    listenFor: ['Something measured before and after', 'Hours of others, or decisions that came sooner'],
    mind: 'Counting what was produced: dashboards, templates, meetings.',
  },
  {
    question: 'A product manager asks you to decide between two features. What do you do?',
    listenFor: ['Brings what is known, and leaves the decision where it belongs'],
    mind: 'Decides, or polices delivery.',
  },
]

export const profiles: Record<Pillar, Profile> = {
  data: {
    title: 'Product Operations Manager, Business and Data Insights',
    looksFor: [
      'Has worked as a business analyst or consultant, with BI tools and spreadsheets',
      'Tells a story with data to different audiences, from product managers to a board',
      'Asks what a figure is for before building it',
    ],
    needNot: ['Know the product yet: the leader supplies the questions', 'Build pipelines: that is data engineering'],
    criteria: [
      'Finds the question behind the question',
      'Analysis',
      'Tells it with data',
      'Works with many audiences',
      'Builds so that others need not ask',
    ],
    questions: [
      {
        question: 'Here is a figure that two teams report differently. How do you go about it?',
        listenFor: ['Asks for definitions, base and time first', 'Leaves one definition behind, written down'],
        mind: 'Begins with the tool.',
      },
      {
        question: 'Show us an analysis that changed a decision.',
        listenFor: ['Who decided, and what they would have done otherwise', 'How uncertain it was, said plainly'],
        mind: 'A dashboard that nobody is said to have used.',
      },
      ...always,
    ],
  },
  process: {
    title: 'Product Operations Manager, Process and Practices',
    looksFor: [
      'Has been a product manager',
      'High emotional intelligence: senses how much method a team can take',
      'Suggests and does not mandate; looks again at what was set up, and takes it away where it helps nobody',
      'Can prepare a CPO for a board or a quarterly review',
    ],
    needNot: ['Hold certificates in a method', 'Run the teams’ ceremonies'],
    criteria: [
      'Has done the work of a product manager',
      'Empathy',
      'Judgement of how much method fits',
      'Wins people over without a mandate',
      'Clear writing',
    ],
    questions: [
      {
        question: 'Which way of working did you introduce, and which one did you take away again?',
        listenFor: ['Both', 'How they knew that it was time'],
        mind: 'Only introduced; set and forgotten.',
      },
      {
        question:
          'Two heads of product plan in different formats, and the CPO sees neither portfolio. What do you do in four weeks?',
        listenFor: ['Talks to both first', 'The least that is common, and what it is for'],
        mind: 'A template for everybody in week one.',
      },
      ...always,
    ],
  },
  customer: {
    title: 'Product Operations Manager, Customer and Market Insights',
    looksFor: [
      'Comes from research operations or from user research',
      'Makes research possible for others: toolkits, a database of participants, training',
      'Knows the limits that law and consent set',
    ],
    needNot: ['Do all the research: product managers and designers hold their own conversations'],
    criteria: [
      'Operations of research',
      'Consent and data protection',
      'Enables others',
      'Makes findings found again',
      'Works with sales and support',
    ],
    questions: [
      {
        question: 'A product manager needs five customers by Thursday. What stands ready, and what do you do?',
        listenFor: ['A system rather than a favour', 'Consent and how often somebody is asked'],
        mind: 'Holds the interviews for them.',
      },
      {
        question: 'How do findings of last year reach somebody who starts today?',
        listenFor: ['Found by a question, not by knowing whom to ask'],
        mind: 'A folder of slides.',
      },
      ...always,
    ],
  },
}
