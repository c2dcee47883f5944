/**
 * The life of a pod on its node. One worker per pod owns it: it looks at the runtime, plans ({@code
 * plan}), has the plan's actions done beside it, and tells the cluster how the pod is ({@code
 * status}).
 */
package dev.shiplog.agent.pod;
