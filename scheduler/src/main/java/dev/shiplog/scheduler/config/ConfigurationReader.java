package dev.shiplog.scheduler.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.queue.BackOff;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Reads configurations in the format of kube-scheduler. What is about its way of working, such as
 * {@code parallelism}, is checked and has no effect.
 */
public final class ConfigurationReader {

  private static final String API_VERSION = "kubescheduler.config.k8s.io/v1";
  private static final String KIND = "KubeSchedulerConfiguration";

  /** A field that stands there twice would be without effect once. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Map<String, PluginFactory> factories = new LinkedHashMap<>();

  /**
   * A reader that knows further plugins.
   *
   * @throws InvalidConfiguration if two have one name
   */
  public ConfigurationReader(Collection<PluginFactory> further) {
    InTree.plugins().forEach(factory -> factories.put(factory.name(), factory));
    for (PluginFactory factory : further) {
      if (factories.put(factory.name(), factory) != null) {
        throw new InvalidConfiguration(factory.name(), "there are two plugins of that name");
      }
    }
  }

  /** A reader that knows the plugins of the jars that a class loader sees. */
  public static ConfigurationReader withPluginsOf(ClassLoader loader) {
    List<PluginFactory> found = new ArrayList<>();
    ServiceLoader.load(PluginFactory.class, loader).forEach(found::add);
    return new ConfigurationReader(found);
  }

  /** What holds where nobody has configured anything. */
  public SchedulerConfiguration byDefault() {
    return read(new Args("", MissingNode.getInstance()));
  }

  /**
   * Reads a configuration, YAML or JSON.
   *
   * @throws InvalidConfiguration if it cannot be used
   */
  public SchedulerConfiguration read(String text) {
    Args args = new Args("", parse(text));
    if (!args.text("apiVersion", "").equals(API_VERSION) || !args.text("kind", "").equals(KIND)) {
      throw new InvalidConfiguration("apiVersion, kind", "must be " + API_VERSION + " and " + KIND);
    }
    return read(args);
  }

  private static JsonNode parse(String text) {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidConfiguration("line " + e.getLocation().getLineNr(), e.getOriginalMessage());
    }
  }

  private SchedulerConfiguration read(Args args) {
    args.knows(
        "apiVersion",
        "kind",
        "parallelism",
        "leaderElection",
        "clientConnection",
        "enableProfiling",
        "enableContentionProfiling",
        "percentageOfNodesToScore",
        "podInitialBackoffSeconds",
        "podMaxBackoffSeconds",
        "profiles",
        "extenders",
        "delayCacheUntilActive");
    ProcessSettings.check(args);
    if (!args.list("extenders").isEmpty()) {
      throw args.invalid(
          "extenders", "Forbidden: there are none here; a plugin can do the same (PluginFactory)");
    }
    return new SchedulerConfiguration(profiles(args), backOff(args), () -> profiles(args));
  }

  private static BackOff backOff(Args args) {
    int initial = args.integer("podInitialBackoffSeconds", 1, 1, Integer.MAX_VALUE);
    int most = args.integer("podMaxBackoffSeconds", Math.max(10, initial), 1, Integer.MAX_VALUE);
    if (most < initial) {
      throw args.invalid(
          "podMaxBackoffSeconds",
          "Invalid value: " + most + ": must not be less than podInitialBackoffSeconds");
    }
    return new BackOff(initial * 1000L, most * 1000L);
  }

  private List<Profile> profiles(Args args) {
    ProfileReader reader = new ProfileReader(factories);
    List<Args> listed = args.list("profiles");
    if (listed.isEmpty()) {
      return List.of(reader.read(new Args("profiles[0]", MissingNode.getInstance())));
    }
    Set<String> names = new HashSet<>();
    List<Profile> profiles = new ArrayList<>();
    for (Args profile : listed) {
      if (listed.size() > 1) {
        profile.requiredText("schedulerName");
      }
      Profile read = reader.read(profile);
      if (!names.add(read.schedulerName())) {
        throw new InvalidConfiguration(
            profile.path() + ".schedulerName", "Duplicate value: \"" + read.schedulerName() + "\"");
      }
      profiles.add(read);
    }
    return profiles;
  }
}
