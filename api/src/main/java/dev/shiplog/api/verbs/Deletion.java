package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.registry.ResourceRules;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.DeleteOptions.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Decides how an object is deleted: at once, or by a mark that lets finalizers, its dependents or
 * its node do their part first.
 */
final class Deletion {

  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private Deletion() {}

  /**
   * Marks the object for deletion as far as it is not marked yet.
   *
   * @param object changed in place
   * @return whether it is to be removed now
   */
  static boolean mark(
      ObjectNode object, DeleteOptions options, ResourceRules rules, Identities identities) {
    OptionalLong grace = grace(object, options, rules);
    setFinalizers(object, options);
    if (!Meta.isDeleting(object)) {
      addFinalizers(object, rules.finalizersOfDeletion());
    }
    boolean stays =
        grace.orElse(0) > 0 || !Meta.finalizers(object).isEmpty() || rules.holdsBackRemoval(object);
    if (!stays) {
      return true;
    }
    if (!Meta.isDeleting(object)) {
      begin(object, grace.orElse(0), identities);
      rules.prepareForDeletion(object);
    } else if (grace.isPresent() && grace.getAsLong() < graceOf(object)) {
      setTime(object, grace.getAsLong(), identities);
    }
    return false;
  }

  /** Whether an object that was marked has nothing left to wait for. */
  static boolean isDueAfter(ResourceRules rules, ObjectNode object) {
    return Meta.isDeleting(object)
        && graceOf(object) == 0
        && Meta.finalizers(object).isEmpty()
        && !rules.holdsBackRemoval(object);
  }

  /** What is left of grace; a deletion under way can only be made shorter. */
  private static OptionalLong grace(ObjectNode object, DeleteOptions options, ResourceRules rules) {
    OptionalLong grace = rules.gracePeriodSeconds(object, options.gracePeriodSeconds());
    if (grace.isEmpty() || !Meta.isDeleting(object)) {
      return grace;
    }
    long asked = options.gracePeriodSeconds().isPresent() ? grace.getAsLong() : graceOf(object);
    boolean nothingRuns = grace.getAsLong() == 0;
    return OptionalLong.of(nothingRuns ? 0 : Math.min(asked, graceOf(object)));
  }

  private static long graceOf(ObjectNode object) {
    return object.path("metadata").path("deletionGracePeriodSeconds").asLong(0);
  }

  private static void begin(ObjectNode object, long grace, Identities identities) {
    setTime(object, grace, identities);
    if (Meta.generation(object) > 0) {
      Meta.of(object).put("generation", Meta.generation(object) + 1);
    }
  }

  private static void setTime(ObjectNode object, long grace, Identities identities) {
    Meta.of(object)
        .put("deletionTimestamp", identities.inSeconds(grace))
        .put("deletionGracePeriodSeconds", grace);
  }

  private static void addFinalizers(ObjectNode object, List<String> added) {
    List<String> finalizers = new ArrayList<>(Meta.finalizers(object));
    added.stream().filter(name -> !finalizers.contains(name)).forEach(finalizers::add);
    Meta.setFinalizers(object, finalizers);
  }

  private static void setFinalizers(ObjectNode object, DeleteOptions options) {
    if (options.propagation().isEmpty()) {
      return;
    }
    List<String> finalizers = new ArrayList<>(Meta.finalizers(object));
    finalizers.removeAll(List.of(ORPHAN, FOREGROUND));
    Propagation propagation = options.propagation().get();
    switch (propagation) {
      case ORPHAN -> finalizers.add(ORPHAN);
      case FOREGROUND -> finalizers.add(FOREGROUND);
      case BACKGROUND -> {}
    }
    Meta.setFinalizers(object, finalizers);
  }
}
