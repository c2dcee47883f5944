package dev.shiplog.scheduler.model;

/**
 * What a pod has to do with preemption.
 *
 * @param allowed false if it never preempts others
 * @param nominatedNode the node on which others were preempted for it; empty where there is none
 * @param startTime since when it runs, as written; empty while it does not
 */
public record Preemption(boolean allowed, String nominatedNode, String startTime) {}
