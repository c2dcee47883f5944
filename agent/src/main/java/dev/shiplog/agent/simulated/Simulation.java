package dev.shiplog.agent.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How simulated containers behave whose pods do not say it themselves: a list of stages, of which
 * one is drawn for each container from those that select it, by their weights. Immutable.
 */
public final class Simulation {

  /** All containers start at once and run for ever. */
  public static final Simulation PLAIN = new Simulation(List.of());

  static final String KIND = "Stage";
  static final String VERSION = "simulated.shiplog.dev/v1alpha1";

  private final List<Stage> stages;

  /** Made with the first file: most processes read none, and it takes a tenth of a second. */
  private static final class Yaml {
    static final ObjectMapper MAPPER =
        new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  }

  Simulation(List<Stage> stages) {
    this.stages = List.copyOf(stages);
  }

  /** A stage as a file has it. */
  private record Document(String apiVersion, String kind, Metadata metadata, Spec spec) {}

  private record Metadata(String name) {}

  private record Spec(StageSelector selector, Integer weight, Map<String, String> container) {}

  /**
   * Reads a file of stages, a YAML document each.
   *
   * @throws IllegalArgumentException if it cannot be read, or says what cannot be; the message
   *     names the place
   */
  public static Simulation read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  static Simulation parse(String text) {
    List<Stage> stages = new ArrayList<>();
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      for (Document each :
          Yaml.MAPPER.readerFor(Document.class).<Document>readValues(parser).readAll()) {
        stages.add(stage(each, stages.size() + 1));
      }
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          "stage " + (stages.size() + 1) + ", " + place(e) + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "no YAML at line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new Simulation(stages);
  }

  private static String place(JsonMappingException e) {
    return e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
  }

  private static Stage stage(Document document, int number) {
    String name =
        document.metadata() == null || document.metadata().name() == null
            ? "stage " + number
            : "stage " + document.metadata().name();
    check(VERSION.equals(document.apiVersion()), name, "apiVersion has to be " + VERSION);
    check(KIND.equals(document.kind()), name, "kind has to be " + KIND);
    Spec spec = document.spec();
    check(
        spec != null && spec.container() != null && !spec.container().isEmpty(),
        name,
        "spec.container says what its containers do: " + Trait.names());
    int weight = spec.weight() == null ? 1 : spec.weight();
    check(weight >= 0, name, "spec.weight is " + weight + ", but has to be 0 or more");
    return new Stage(
        name,
        spec.selector() == null ? StageSelector.ALL : spec.selector(),
        weight,
        traits(spec.container(), name));
  }

  private static Map<Trait, String> traits(Map<String, String> said, String name) {
    Map<Trait, String> traits = new EnumMap<>(Trait.class);
    said.forEach((key, value) -> {
      Trait trait = Trait.named(key).filter(Trait::isOfStages).orElse(null);
      check(trait != null, name, "spec.container." + key + " is none of " + Trait.names());
      check(value != null, name, "spec.container." + key + " is empty");
      try {
        trait.check(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            name + ": spec.container." + key + ": " + e.getMessage(), e);
      }
      traits.put(trait, value);
    });
    return traits;
  }

  private static void check(boolean holds, String name, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + otherwise);
    }
  }

  /**
   * How a container behaves.
   *
   * @param dice the container's: the same leads to the same
   * @throws IllegalArgumentException if an annotation of its pod is none that can be understood
   */
  Behaviour behaviour(SandboxStatus sandbox, String container, long dice) {
    return Behaviour.of(
        Behaviour.Traits.of(
            sandbox.annotations(), container, drawn(sandbox, container, dice), dice));
  }

  private Map<Trait, String> drawn(SandboxStatus sandbox, String container, long dice) {
    List<Stage> all =
        stages.stream().filter(stage -> stage.selector().selects(sandbox, container)).toList();
    long sum = all.stream().mapToLong(Stage::weight).sum();
    if (sum == 0) {
      return Map.of();
    }
    long left = Math.floorMod(dice, sum);
    for (Stage stage : all) {
      left -= stage.weight();
      if (left < 0) {
        return stage.traits();
      }
    }
    throw new IllegalStateException("the weights are less than their sum");
  }
}
