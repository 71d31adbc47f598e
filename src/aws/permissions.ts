/** What each operation needs (Service Authorization Reference, AWS Lambda and AWS STS). */
const PERMISSIONS: Readonly<Record<string, { readonly action: string; readonly resource: string }>> = {
  GetFunction: {
    action: 'lambda:GetFunction',
    resource: "the function's ARN, and the same with :* for qualifiers",
  },
  GetEventSourceMapping: { action: 'lambda:GetEventSourceMapping', resource: "the mapping's ARN" },
  UpdateEventSourceMapping: { action: 'lambda:UpdateEventSourceMapping', resource: "the mapping's ARN" },
  ListEventSourceMappings: { action: 'lambda:ListEventSourceMappings', resource: '"*" (it takes no other)' },
};

const ROLE_ADVICE =
  "and the role's trust policy must name the caller (and the external id, if one is asked for)";

/** A sentence for the person who has to change the policy: the missing action, taken from AWS' message if it names one. */
export function permissionHint(operation: string, message: string): string {
  const named = /not authorized to perform:\s*([\w-]+:\w+)/i.exec(message)?.[1];
  const known = PERMISSIONS[operation];
  const action = named ?? known?.action;
  if (action === undefined) return 'The caller lacks a permission for it.';
  if (action.startsWith('sts:')) return `Allow ${action} on that role, ${ROLE_ADVICE}.`;
  const resource = action === known?.action ? known.resource : 'that resource';
  return `Allow ${action} on ${resource} in the caller's IAM policy, and look for an explicit deny or a condition.`;
}
