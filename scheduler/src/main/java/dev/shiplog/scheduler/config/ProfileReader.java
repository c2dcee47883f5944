package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.Bind;
import dev.shiplog.scheduler.framework.BindingPlugins;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.Permit;
import dev.shiplog.scheduler.framework.Plugin;
import dev.shiplog.scheduler.framework.PostBind;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.framework.Reserve;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.ShapeScore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one profile: which plugins are on, at which points, with which weights and arguments. */
final class ProfileReader {

  private static final String DEFAULT_NAME = "default-scheduler";
  private static final String ALL = "*";
  private static final String[] POINTS = {
    "preEnqueue",
    "queueSort",
    "preFilter",
    "filter",
    "postFilter",
    "preScore",
    "score",
    "reserve",
    "permit",
    "preBind",
    "bind",
    "postBind",
    "multiPoint"
  };

  /** What a plugin implements to take part at a point. */
  private static final Map<String, List<Class<? extends Plugin>>> TYPES =
      Map.of(
          "filter", List.of(ShapeFilter.class, ClusterFilter.class),
          "score", List.of(ShapeScore.class, ClusterScore.class),
          "reserve", List.of(Reserve.class),
          "permit", List.of(Permit.class),
          "bind", List.of(Bind.class),
          "postBind", List.of(PostBind.class));

  private final Map<String, PluginFactory> factories;
  private final Map<String, Integer> defaultWeights = new LinkedHashMap<>();

  ProfileReader(Map<String, PluginFactory> factories) {
    this.factories = factories;
    for (InTree.Default plugin : InTree.plugins()) {
      defaultWeights.put(plugin.name(), plugin.weight());
    }
  }

  Profile read(Args profile) {
    profile.knows("schedulerName", "plugins", "pluginConfig", "percentageOfNodesToScore");
    ProcessSettings.percentage(profile);
    Args plugins = profile.object("plugins").knows(POINTS);
    for (String point : POINTS) {
      change(plugins.object(point), new LinkedHashMap<>(defaultWeights));
    }
    Map<String, Integer> filters = enabled(plugins, "filter");
    Map<String, Integer> scores = enabled(plugins, "score");
    requireSort(plugins);
    Map<String, Plugin> made = make(profile);
    requireWhatTakesPart(plugins, made);
    return new Profile(
        profile.text("schedulerName", DEFAULT_NAME),
        those(filters, made, ShapeFilter.class),
        those(filters, made, ClusterFilter.class),
        weighted(scores, made, ShapeScore.class),
        weighted(scores, made, ClusterScore.class),
        enabled(plugins, "postFilter").containsKey(InTree.PREEMPTION)
                && made.get(InTree.PREEMPTION) instanceof InTreeArgs.Preemption found
            ? Optional.of(found.limits())
            : Optional.empty(),
        binding(plugins, made));
  }

  /** Who turns a plugin on where it does nothing has meant another one, or another point. */
  private static void requireWhatTakesPart(Args plugins, Map<String, Plugin> made) {
    TYPES.forEach((point, types) -> {
      for (Args item : plugins.object(point).list("enabled")) {
        String name = item.requiredText("name");
        if (types.stream().noneMatch(type -> type.isInstance(made.get(name)))
            && !InTree.DONE_ELSEWHERE.contains(point + "/" + name)) {
          throw item.invalid(
              "name", "Invalid value: \"%s\": does not take part at %s".formatted(name, point));
        }
      }
    });
  }

  private BindingPlugins binding(Args plugins, Map<String, Plugin> made) {
    List<Bind> bind = those(enabled(plugins, "bind"), made, Bind.class);
    if (bind.isEmpty()) {
      throw new InvalidConfiguration(
          plugins.object("bind").path(), "Required value: at least one bind plugin is needed");
    }
    return new BindingPlugins(
        those(enabled(plugins, "reserve"), made, Reserve.class),
        those(enabled(plugins, "permit"), made, Permit.class),
        bind,
        those(enabled(plugins, "postBind"), made, PostBind.class));
  }

  /** The queue has one order only. */
  private void requireSort(Args plugins) {
    if (!enabled(plugins, "queueSort").containsKey(InTree.SORT)) {
      throw new InvalidConfiguration(
          plugins.object("queueSort").path(),
          "Invalid value: must be " + InTree.SORT + ", which cannot be disabled");
    }
  }

  /**
   * The plugins on at a point, with their weights, in Kubernetes' order: what is on anyhow and
   * named at this point comes first, and what is new here comes last.
   */
  private Map<String, Integer> enabled(Args plugins, String point) {
    Map<String, Integer> everywhere = new LinkedHashMap<>(defaultWeights);
    everywhere.putAll(change(plugins.object("multiPoint"), everywhere));
    Map<String, Integer> here = change(plugins.object(point), everywhere);
    Map<String, Integer> ordered = new LinkedHashMap<>(here);
    ordered.keySet().retainAll(everywhere.keySet());
    everywhere.forEach(ordered::putIfAbsent);
    ordered.putAll(here);
    return ordered;
  }

  /** Takes out what a set of plugins disables; returns what it enables, with weight 1 if none. */
  private Map<String, Integer> change(Args set, Map<String, Integer> on) {
    set.knows("enabled", "disabled");
    for (Args item : set.list("disabled")) {
      String name = item.knows("name", "weight").requiredText("name");
      if (name.equals(ALL)) {
        on.clear();
      } else if (!InTree.ABSENT.contains(name)) {
        on.remove(known(item));
      }
    }
    Map<String, Integer> added = new LinkedHashMap<>();
    for (Args item : set.list("enabled")) {
      if (added.put(known(item), weight(item)) != null) {
        throw new InvalidConfiguration(
            item.path() + ".name", "Duplicate value: \"" + item.text("name", "") + "\"");
      }
    }
    return added;
  }

  private static int weight(Args item) {
    return Math.max(1, item.integer("weight", 1, 0, Integer.MAX_VALUE / 100));
  }

  private String known(Args item) {
    return known(item.path(), item.knows("name", "weight").requiredText("name"));
  }

  private String known(String path, String name) {
    if (!factories.containsKey(name)) {
      throw new InvalidConfiguration(
          path + ".name",
          "Invalid value: \"" + name + "\": no such plugin; known are " + factories.keySet());
    }
    return name;
  }

  private Map<String, Plugin> make(Args profile) {
    Map<String, Args> args = new HashMap<>();
    for (Args config : profile.list("pluginConfig")) {
      String name = known(config.path(), config.knows("name", "args").requiredText("name"));
      if (args.put(name, config.object("args")) != null) {
        throw new InvalidConfiguration(config.path(), "Duplicate value: \"" + name + "\"");
      }
    }
    Map<String, Plugin> made = new HashMap<>();
    factories.forEach((name, factory) ->
        made.put(
            name, factory.create(args.getOrDefault(name, profile.object("no args of " + name)))));
    return made;
  }

  private static <T> List<T> those(
      Map<String, Integer> on, Map<String, Plugin> made, Class<T> type) {
    return on.keySet().stream().map(made::get).filter(type::isInstance).map(type::cast).toList();
  }

  private static <T extends Plugin> List<Weighted<T>> weighted(
      Map<String, Integer> on, Map<String, Plugin> made, Class<T> type) {
    return those(on, made, type).stream()
        .map(plugin -> new Weighted<>(plugin, on.get(plugin.name())))
        .toList();
  }
}
