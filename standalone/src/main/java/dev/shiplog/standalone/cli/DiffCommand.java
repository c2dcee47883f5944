package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.client.ClusterApi;
import dev.shiplog.standalone.client.ReadableObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares an object with itself. Exit code 0 if nothing differs, 1 if something does, as diff. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Show what differs in an object between two revisions or times.",
      "Exit code 0: nothing; 1: something; 2 and more: trouble."
    })
final class DiffCommand implements Callable<Integer> {

  private static final int DIFFERENT = 1;
  private static final int TROUBLE = 2;
  private static final int GONE = 404;

  @Mixin private KubeOptions kube;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "REVISION|TIME",
      description = "The older state, for example 1234 or 2026-01-31T10:00:00Z.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "REVISION|TIME",
      description = "The newer state. Default: as it is now")
  private String to;

  @Option(names = "--status", description = "Compare the status, too.")
  private boolean status;

  @Mixin private ObjectOptions object;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (ClusterApi api = kube.api()) {
      ObjectName name = object.in(api);
      return show(name, state(api, name, from), to == null ? now(api, name) : state(api, name, to));
    } catch (StartFailure failure) {
      spec.commandLine().getErr().println("shiplog: " + failure.getMessage());
      return TROUBLE;
    }
  }

  /** An object, null if there is none, and what that state is called. */
  private record Seen(JsonNode object, String name) {}

  private int show(ObjectName name, Seen before, Seen after) {
    if (before.object() == null && after.object() == null) {
      throw new StartFailure(name + " was not there " + before.name() + ", nor " + after.name());
    }
    List<String> lines =
        ReadableObject.diff(
            shown(before.object()),
            shown(after.object()),
            name + " " + before.name(),
            name + " " + after.name());
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
    return lines.isEmpty() ? 0 : DIFFERENT;
  }

  private JsonNode shown(JsonNode object) {
    return status || object == null ? object : ReadableObject.withoutStatus(object);
  }

  private static Seen state(ClusterApi api, ObjectName name, String moment) {
    String revision = revision(api, name, moment);
    String path = name.path() + "?resourceVersionMatch=Exact&resourceVersion=" + revision;
    return new Seen(orGone(api, path), "at revision " + revision);
  }

  private static Seen now(ClusterApi api, ObjectName name) {
    return new Seen(orGone(api, name.path()), "now");
  }

  private static JsonNode orGone(ClusterApi api, String path) {
    try {
      return api.get(path);
    } catch (ClusterApi.Refusal refusal) {
      if (refusal.code() == GONE) {
        return null;
      }
      throw refusal;
    }
  }

  /** A list of changes up to a time says which revision that is. */
  private static String revision(ClusterApi api, ObjectName name, String moment) {
    if (moment.chars().allMatch(Character::isDigit)) {
      return moment;
    }
    String query = "?limit=1&newestFirst=true&until=" + ClusterApi.query(moment);
    return api.get(name.changes() + query).at("/metadata/resourceVersion").asText();
  }
}
