package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.pod.plan.PodAction.Verb;

/**
 * Names an action.
 *
 * @param verb the kind of action
 * @param object which container or sandbox; empty where there is one only
 */
public record ActionKey(Verb verb, String object) {

  public static final ActionKey VOLUMES = new ActionKey(Verb.PREPARE_VOLUMES, "");
  public static final ActionKey SANDBOX = new ActionKey(Verb.START_SANDBOX, "");

  public static ActionKey start(String container) {
    return new ActionKey(Verb.START_CONTAINER, container);
  }
}
