/**
 * API priority and fairness: how many requests are worked on at a time, and whose turn is next.
 * FlowSchemas sort requests into priority levels, and within a level each flow has its own place in
 * the queues, so that a flood by one does not delay the others.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/cluster-administration/flow-control/">API
 *     Priority and Fairness</a>
 */
package dev.shiplog.api.flow;
