package dev.shiplog.agent.simulated;

import java.util.Map;

/**
 * How some containers behave.
 *
 * @param name for people
 * @param selector whose
 * @param weight how often it is drawn, of all that select a container
 * @param traits what they do; checked
 */
record Stage(String name, StageSelector selector, int weight, Map<Trait, String> traits) {

  Stage {
    traits = Map.copyOf(traits);
  }
}
