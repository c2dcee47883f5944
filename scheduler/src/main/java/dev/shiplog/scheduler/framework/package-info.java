/**
 * What a plugin implements. The words are those of Kubernetes' scheduling framework: a filter says
 * on which nodes a pod can run, a score says which of those is best.
 *
 * <p>Each of these comes in two kinds. One that looks at the pod's {@link
 * dev.shiplog.scheduler.model.PodShape} and the node alone ({@link
 * dev.shiplog.scheduler.framework.ShapeFilter}, {@link dev.shiplog.scheduler.framework.ShapeScore})
 * is asked once for each shape and each state of a node, and its answers serve all pods of that
 * shape; its types keep it from looking at anything else. One that looks at the rest of the cluster
 * too ({@link dev.shiplog.scheduler.framework.ClusterFilter}, {@link
 * dev.shiplog.scheduler.framework.ClusterScore}) is asked anew for every pod.
 *
 * <p>A pod that has a node goes on to {@link dev.shiplog.scheduler.framework.Reserve}, {@link
 * dev.shiplog.scheduler.framework.Permit}, {@link dev.shiplog.scheduler.framework.Bind} and {@link
 * dev.shiplog.scheduler.framework.PostBind}.
 *
 * <p>Rules for all of them: they are called on the scheduling thread; they do not block and change
 * nothing of what they are given; the same input gives the same answer, where they keep no account
 * of their own. A plugin is made anew whenever the scheduler becomes active: what it remembers is
 * of this activation, and the cluster it is shown has all that was bound before.
 */
package dev.shiplog.scheduler.framework;
