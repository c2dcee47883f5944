package dev.shiplog.agent.proxy;

import java.util.List;

/**
 * All that the proxy does, in a fixed order: equal clusters give equal rule sets.
 *
 * @param rules one for each port of each service
 */
record RuleSet(List<ServicePortRule> rules) {

  RuleSet {
    rules = List.copyOf(rules);
  }
}
