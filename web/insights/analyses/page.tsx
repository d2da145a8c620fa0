/** Every analysis as the question it answers. */
import { Link } from '@tanstack/react-router'
import type { Permission } from '../../../src/platform/auth/permissions.ts'
import { useWorkspace } from '../../api.ts'
import { TimeNotes } from '../../annotations/notes.tsx'
import { useHere } from '../../session.ts'
import { Page, Section } from '../../ui/page.tsx'
import './analyses.css'

interface Question {
  to: string
  question: string
  line: string
  needs?: Permission
}

const groups: [group: string, questions: Question[]][] = [
  [
    'Adoption',
    [
      {
        to: '/insights/adoption',
        question: 'Which features keep which customers?',
        line: 'Adoption of each feature by segment, beside the retention of adopters and others.',
      },
      {
        to: '/insights/association',
        question: 'Which features are associated with staying?',
        line: 'Adopters compared with accounts of the same segment, size and tenure, with the tests that should show nothing.',
      },
      {
        to: '/insights/time-to-adopt',
        question: 'How long until accounts use a feature?',
        line: 'Days from being able to use it to the first use, with those that have not yet.',
      },
      {
        to: '/insights/adoption-funnel',
        question: 'How far do accounts get with a feature?',
        line: 'From paying and entitled to used in each of the last three months.',
      },
      {
        to: '/insights/states',
        question: 'How much ARR stands behind each feature?',
        line: 'The whole book by feature: adopted, dormant, tried, never used, not measured, not entitled.',
      },
      {
        to: '/insights/whitespace',
        question: 'Who could use what they do not?',
        line: 'Accounts entitled to a feature that have not adopted it, with their ARR and when they renew.',
        needs: 'insights:accounts',
      },
    ],
  ],
  [
    'Revenue',
    [
      {
        to: '/insights/revenue',
        question: 'How does our revenue move, and who stays?',
        line: 'The bridge of ARR with the accounts behind each bar; NRR, GRR and logo retention by segment.',
      },
      {
        to: '/insights/renewals',
        question: 'Who renews when, and do they use what they pay for?',
        line: 'ARR that renews in the months ahead, by how many core features its accounts use.',
      },
      {
        to: '/insights/nrr-variants',
        question: 'Why do two tools disagree about NRR?',
        line: 'Seven forms of NRR on one book, and the accounts that make each step between them.',
      },
    ],
  ],
  [
    'Usage',
    [
      {
        to: '/insights/stickiness',
        question: 'How often do people come back?',
        line: 'Users of a day, a week and 28 days, and the shares between them, by segment over time.',
      },
      {
        to: '/insights/breadth',
        question: 'How widely and how often is each feature used?',
        line: 'The share of an account’s people, the days of 30, events per user and week, and core features per account.',
      },
      {
        to: '/insights/cohorts',
        question: 'Do new accounts come back?',
        line: 'Cohorts of new accounts or users: in exactly that month or week, in it or later, or within a span.',
      },
    ],
  ],
  [
    'Accounts',
    [
      {
        to: '/customers/accounts',
        question: 'What do we know of this account?',
        line: 'What one account pays, may use and uses, over time.',
        needs: 'insights:accounts',
      },
      {
        to: '/data/who-is-who',
        question: 'Who is who?',
        line: 'Which id of which system is which account.',
        needs: 'insights:accounts',
      },
    ],
  ],
  [
    'Product',
    [
      {
        to: '/insights/changes',
        question: 'What changed since last month?',
        line: 'What moved beyond chance or a stated share, by the ARR concerned.',
      },
      {
        to: '/insights/health',
        question: 'How healthy is each part of the product?',
        line: 'Adoption and its trend, retention and satisfaction, a line for each area.',
      },
    ],
  ],
]

export function AnalysesPage() {
  const workspace = useWorkspace()
  const here = useHere()
  return (
    <Page
      title="What can be asked?"
      lead="Each question has a page of its own. What you choose there is in its address, so that a link shows the same."
    >
      {groups.map(([group, questions]) => (
        <Section key={group} title={group}>
          <ul className="questions">
            {questions
              .filter((q) => !q.needs || here?.permissions.includes(q.needs))
              .map((q) => (
                <li key={q.to}>
                  <Link to={`/w/${workspace}${q.to}`}>{q.question}</Link>
                  <span className="soft">{q.line}</span>
                </li>
              ))}
          </ul>
        </Section>
      ))}
      <TimeNotes />
    </Page>
  )
}
