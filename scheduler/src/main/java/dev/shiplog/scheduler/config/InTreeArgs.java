package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.Plugin;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.PodReader;
import dev.shiplog.scheduler.model.SpreadConstraint;
import dev.shiplog.scheduler.plugins.DefaultBinder;
import dev.shiplog.scheduler.plugins.IgnoredResources;
import dev.shiplog.scheduler.plugins.ImageLocality;
import dev.shiplog.scheduler.plugins.InterPodAffinity;
import dev.shiplog.scheduler.plugins.NodeAffinity;
import dev.shiplog.scheduler.plugins.NodeName;
import dev.shiplog.scheduler.plugins.NodePorts;
import dev.shiplog.scheduler.plugins.NodeResourcesBalancedAllocation;
import dev.shiplog.scheduler.plugins.NodeResourcesFit;
import dev.shiplog.scheduler.plugins.NodeUnschedulable;
import dev.shiplog.scheduler.plugins.NodeVolumeLimits;
import dev.shiplog.scheduler.plugins.PodTopologySpread;
import dev.shiplog.scheduler.plugins.ScoringStrategy;
import dev.shiplog.scheduler.plugins.ScoringStrategy.Point;
import dev.shiplog.scheduler.plugins.ScoringStrategy.Preference;
import dev.shiplog.scheduler.plugins.TaintToleration;
import dev.shiplog.scheduler.plugins.VolumeBinding;
import dev.shiplog.scheduler.plugins.VolumeRestrictions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Reads the arguments of the plugins that come with the scheduler. */
final class InTreeArgs {

  private static final String[] TYPE = {"apiVersion", "kind"};

  private InTreeArgs() {}

  /** Stands for what the scheduler does whatever its configuration says. */
  private record Marker(String name) implements Plugin {}

  static Plugin marker(Args args) {
    return new Marker(args.path());
  }

  static Plugin binder(Args args) {
    none(args);
    return new DefaultBinder();
  }

  static Plugin nodeUnschedulable(Args args) {
    none(args);
    return new NodeUnschedulable();
  }

  static Plugin nodeName(Args args) {
    none(args);
    return new NodeName();
  }

  static Plugin taintToleration(Args args) {
    none(args);
    return new TaintToleration();
  }

  static Plugin nodePorts(Args args) {
    none(args);
    return new NodePorts();
  }

  static Plugin imageLocality(Args args) {
    none(args);
    return new ImageLocality();
  }

  static Plugin volumeRestrictions(Args args) {
    none(args);
    return new VolumeRestrictions();
  }

  static Plugin nodeVolumeLimits(Args args) {
    none(args);
    return new NodeVolumeLimits();
  }

  static Plugin volumeBinding(Args args) {
    args.knows(with("bindTimeoutSeconds", "shape"));
    return new VolumeBinding(1000L * args.integer("bindTimeoutSeconds", 600, 0, Integer.MAX_VALUE));
  }

  static Plugin preemption(Args args) {
    args.knows(with("minCandidateNodesPercentage", "minCandidateNodesAbsolute"));
    args.integer("minCandidateNodesPercentage", 10, 0, 100);
    args.integer("minCandidateNodesAbsolute", 100, 0, Integer.MAX_VALUE);
    return new Marker(InTree.PREEMPTION);
  }

  static Plugin nodeAffinity(Args args) {
    args.knows(with("addedAffinity"));
    return new NodeAffinity(PodReader.nodeAffinity(args.object("addedAffinity").json()));
  }

  static Plugin interPodAffinity(Args args) {
    args.knows(with("hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods"));
    return new InterPodAffinity(
        args.integer("hardPodAffinityWeight", 1, 0, 100),
        args.bool("ignorePreferredTermsOfExistingPods", false));
  }

  static Plugin balancedAllocation(Args args) {
    args.knows(with("resources"));
    List<String> names =
        args.list("resources").stream()
            .map(item -> item.knows("name", "weight").requiredText("name"))
            .toList();
    return names.isEmpty()
        ? new NodeResourcesBalancedAllocation()
        : new NodeResourcesBalancedAllocation(names);
  }

  static Plugin nodeResourcesFit(Args args) {
    args.knows(with("ignoredResources", "ignoredResourceGroups", "scoringStrategy"));
    IgnoredResources ignored =
        new IgnoredResources(
            new HashSet<>(args.texts("ignoredResources")),
            new HashSet<>(args.texts("ignoredResourceGroups")));
    return new NodeResourcesFit(strategy(args.object("scoringStrategy")), ignored);
  }

  private static ScoringStrategy strategy(Args args) {
    args.knows("type", "resources", "requestedToCapacityRatio");
    Preference preference =
        args.oneOf(
            "type",
            Preference.LEAST_ALLOCATED,
            InTreeArgs::strategyType,
            "\"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"");
    Map<String, Integer> weights = new HashMap<>();
    for (Args resource : args.list("resources")) {
      weights.put(
          resource.knows("name", "weight").requiredText("name"),
          resource.integer("weight", 1, 1, 100));
    }
    List<Point> shape =
        preference == Preference.REQUESTED_TO_CAPACITY_RATIO
            ? shape(args.object("requestedToCapacityRatio"))
            : List.of();
    return new ScoringStrategy(
        preference, weights.isEmpty() ? ScoringStrategy.LEAST_ALLOCATED.weights() : weights, shape);
  }

  private static Preference strategyType(String text) {
    return switch (text) {
      case "LeastAllocated" -> Preference.LEAST_ALLOCATED;
      case "MostAllocated" -> Preference.MOST_ALLOCATED;
      case "RequestedToCapacityRatio" -> Preference.REQUESTED_TO_CAPACITY_RATIO;
      default -> null;
    };
  }

  private static List<Point> shape(Args args) {
    args.knows("shape");
    List<Point> points = new ArrayList<>();
    for (Args point : args.list("shape")) {
      point.knows("utilization", "score");
      Point next =
          new Point(point.integer("utilization", 0, 0, 100), point.integer("score", 0, 0, 10));
      if (!points.isEmpty() && next.utilization() <= points.getLast().utilization()) {
        throw new InvalidConfiguration(
            point.path() + ".utilization", "must be higher than that of the point before");
      }
      points.add(next);
    }
    if (points.isEmpty()) {
      throw new InvalidConfiguration(args.path() + ".shape", "Required value");
    }
    return points;
  }

  static Plugin podTopologySpread(Args args) {
    args.knows(with("defaultConstraints", "defaultingType"));
    boolean listed =
        args.oneOf("defaultingType", false, InTreeArgs::isList, "\"List\", \"System\"");
    List<Args> constraints = args.list("defaultConstraints");
    if (!listed && !constraints.isEmpty()) {
      throw new InvalidConfiguration(
          args.path() + ".defaultConstraints", "may be set only with defaultingType List");
    }
    return listed
        ? new PodTopologySpread(constraints.stream().map(InTreeArgs::constraint).toList())
        : new PodTopologySpread();
  }

  private static Boolean isList(String type) {
    return switch (type) {
      case "List" -> true;
      case "System" -> false;
      default -> null;
    };
  }

  private static SpreadConstraint constraint(Args args) {
    args.knows("topologyKey", "maxSkew", "whenUnsatisfiable");
    return new SpreadConstraint(
        args.requiredText("topologyKey"),
        args.integer("maxSkew", 0, 1, Integer.MAX_VALUE),
        args.oneOf(
            "whenUnsatisfiable",
            true,
            InTreeArgs::isRequired,
            "\"DoNotSchedule\", \"ScheduleAnyway\""),
        LabelSelector.NOTHING,
        1,
        true,
        false);
  }

  private static Boolean isRequired(String text) {
    return switch (text) {
      case "DoNotSchedule" -> true;
      case "ScheduleAnyway" -> false;
      default -> null;
    };
  }

  private static void none(Args args) {
    args.knows(TYPE);
  }

  private static String[] with(String... fields) {
    List<String> all = new ArrayList<>(List.of(TYPE));
    all.addAll(List.of(fields));
    return all.toArray(String[]::new);
  }
}
