package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides what is to become of local APIServices, by the rules of Kubernetes: one that is kept
 * {@link LocalApis#ON_START} is made what it should be once, so that its user may change or delete
 * it until a server begins to lead again; one that is kept {@link LocalApis#ALWAYS} is made so each
 * time; one that says neither is its user's. One thread.
 */
final class LocalApiKeeper {

  private final Set<String> atStart;
  private final Set<String> settled = new HashSet<>();

  /**
   * Begins to keep them.
   *
   * @param atStart names of those that are there
   */
  LocalApiKeeper(Set<String> atStart) {
    this.atStart = Set.copyOf(atStart);
  }

  /** What to do with one of them. */
  sealed interface Step {

    String name();

    record Make(String name, ObjectNode object) implements Step {}

    record Correct(String name, ObjectNode object) implements Step {}

    record Remove(String name) implements Step {}
  }

  /**
   * What is to be done now; nothing where all is as it should be.
   *
   * @param stored APIServices by name
   * @param wanted as {@link LocalApis} has them
   */
  List<Step> decide(Map<String, ObjectNode> stored, Map<String, ObjectNode> wanted) {
    Set<String> names = new TreeSet<>(stored.keySet());
    names.addAll(wanted.keySet());
    List<Step> steps = new ArrayList<>();
    names.forEach(name -> decide(name, stored.get(name), wanted.get(name), steps));
    return steps;
  }

  /** They are as they should be: from now on, those that are kept on start are their users'. */
  void settle(Set<String> names) {
    settled.addAll(names);
  }

  private void decide(String name, ObjectNode stored, ObjectNode wanted, List<Step> steps) {
    if (stored == null) {
      if (!isOnStart(wanted) || !settled.contains(name)) {
        steps.add(new Step.Make(name, wanted));
      }
    } else if (isKept(name, stored)) {
      if (wanted == null) {
        steps.add(new Step.Remove(name));
      } else if (!stored.path("spec").equals(wanted.path("spec"))) {
        ObjectNode next = stored.deepCopy();
        next.set("spec", wanted.path("spec").deepCopy());
        steps.add(new Step.Correct(name, next));
      }
    }
  }

  private boolean isKept(String name, ObjectNode stored) {
    if (isOnStart(stored)) {
      return atStart.contains(name) && !settled.contains(name);
    }
    return managed(stored).equals(LocalApis.ALWAYS);
  }

  private static boolean isOnStart(ObjectNode apiService) {
    return managed(apiService).equals(LocalApis.ON_START);
  }

  private static String managed(ObjectNode apiService) {
    return Trees.text(Trees.at(apiService, "metadata", "labels"), LocalApis.MANAGED);
  }
}
