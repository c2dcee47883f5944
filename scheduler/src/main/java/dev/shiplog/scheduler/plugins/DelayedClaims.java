package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.model.Volumes.Choice;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.StorageClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of a pod that wait for their first consumer, and what becomes of them if that pod goes
 * to a node: each takes the smallest volume there that will do, or one is made for the node.
 * Nothing is changed by asking.
 */
public final class DelayedClaims {

  private static final Verdict NONE_TO_BIND =
      Verdict.unresolvable("node(s) didn't find available persistent volumes to bind");
  private static final Verdict TOO_LITTLE_ROOM =
      Verdict.unresolvable("node(s) did not have enough free storage");

  private record Delayed(String key, Claim claim) {}

  private final Volumes volumes;
  private final List<Delayed> delayed;

  private DelayedClaims(Volumes volumes, List<Delayed> delayed) {
    this.volumes = volumes;
    this.delayed = delayed;
  }

  /** Those of a pod, the smallest first. */
  public static DelayedClaims of(Pod pod, Volumes volumes) {
    List<Delayed> delayed = new ArrayList<>();
    for (String name : pod.claims()) {
      String key = pod.namespace() + "/" + name;
      volumes
          .claim(key)
          .filter(claim -> !claim.isBound() && volumes.waitsForConsumer(claim.storageClass()))
          .ifPresent(claim -> delayed.add(new Delayed(key, claim)));
    }
    delayed.sort(Comparator.comparingLong(each -> each.claim().wanted().bytes()));
    return new DelayedClaims(volumes, delayed);
  }

  public boolean isEmpty() {
    return delayed.isEmpty();
  }

  /** Whether the pod can go to the node as far as these claims are concerned. */
  Verdict verdict(Node node) {
    Map<String, Choice> choices = new LinkedHashMap<>();
    for (Delayed each : delayed) {
      Verdict verdict = choose(each, node, choices);
      if (!verdict.passes()) {
        return verdict;
      }
    }
    return Verdict.PASS;
  }

  /** What each claim gets on the node, by its key; empty if one gets nothing. */
  public Optional<Map<String, Choice>> choices(Node node) {
    Map<String, Choice> choices = new LinkedHashMap<>();
    for (Delayed each : delayed) {
      if (!choose(each, node, choices).passes()) {
        return Optional.empty();
      }
    }
    return Optional.of(choices);
  }

  private Verdict choose(Delayed each, Node node, Map<String, Choice> choices) {
    Optional<Choice> assumed = volumes.choice(each.key());
    if (assumed.isPresent()) {
      return keep(each.key(), assumed.get(), node, choices);
    }
    String selected = each.claim().selectedNode();
    if (!selected.isEmpty()) {
      return keep(each.key(), new Choice(selected, ""), node, choices);
    }
    Optional<String> volume =
        volumes.candidates(each.key(), each.claim(), node).stream()
            .filter(name -> choices.values().stream().noneMatch(c -> c.volume().equals(name)))
            .findFirst();
    if (volume.isPresent()) {
      choices.put(each.key(), new Choice(node.name(), volume.get()));
      return Verdict.PASS;
    }
    Verdict verdict = canBeMade(each.claim(), node);
    if (verdict.passes()) {
      choices.put(each.key(), new Choice(node.name(), ""));
    }
    return verdict;
  }

  /** Another pod, or an earlier decision, has chosen for it. */
  private static Verdict keep(String key, Choice choice, Node node, Map<String, Choice> choices) {
    if (!choice.node().equals(node.name())) {
      return NONE_TO_BIND;
    }
    choices.put(key, choice);
    return Verdict.PASS;
  }

  private Verdict canBeMade(Claim claim, Node node) {
    StorageClass storageClass = volumes.storageClass(claim.storageClass()).orElseThrow();
    if (!storageClass.provisions() || !storageClass.reaches(node)) {
      return NONE_TO_BIND;
    }
    return !volumes.tellsCapacity(storageClass.provisioner())
            || volumes.hasCapacity(claim.storageClass(), node, claim.wanted().bytes())
        ? Verdict.PASS
        : TOO_LITTLE_ROOM;
  }
}
