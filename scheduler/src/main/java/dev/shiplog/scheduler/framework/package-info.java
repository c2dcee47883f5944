/**
 * What a plugin implements. The words are those of Kubernetes' scheduling framework: a filter says
 * on which nodes a pod can run, a score says which of those is best.
 *
 * <p>Each comes in two kinds. One that looks at the pod's {@link
 * dev.shiplog.scheduler.model.PodShape} and the node alone ({@link
 * dev.shiplog.scheduler.framework.ShapeFilter}, {@link dev.shiplog.scheduler.framework.ShapeScore})
 * is asked once for each shape and each state of a node, and its answers serve all pods of that
 * shape; its types keep it from looking at anything else. One that looks at the rest of the cluster
 * too ({@link dev.shiplog.scheduler.framework.ClusterFilter}, {@link
 * dev.shiplog.scheduler.framework.ClusterScore}) is asked anew for every pod.
 *
 * <p>Rules for all of them: they are called on the scheduling thread; they do not block and change
 * nothing of what they are given; the same input gives the same answer.
 */
package dev.shiplog.scheduler.framework;
