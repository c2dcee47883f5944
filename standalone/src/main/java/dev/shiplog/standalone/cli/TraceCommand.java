package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.client.ClusterApi;
import dev.shiplog.standalone.client.ReadableObject;
import dev.shiplog.standalone.client.Trace;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what followed from a change of an object, from the journal. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tell what followed from the last change of an object that was more than its status:",
      "changes of what it owns, by whom, and how long after it."
    })
final class TraceCommand implements Callable<Integer> {

  private static final int PAGE = 500;

  @Mixin private KubeOptions kube;

  @Mixin private ObjectOptions object;

  @Option(
      names = "--revision",
      paramLabel = "N",
      description = "Begin with the object's change of this revision; see './shiplog history'.")
  private Long revision;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long after it to look. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ClusterApi api = kube.api()) {
      ObjectName name = object.in(api);
      JsonNode first = first(api, name);
      Trace trace = new Trace(first);
      long since = first.at("/metadata/name").asLong();
      api.each(
          name.changes() + "?since=" + since + "&limit=" + PAGE,
          change -> {
            trace.take(change);
            return trace.after(change).compareTo(Duration.ofSeconds(seconds)) <= 0;
          });
      trace.lines().forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private JsonNode first(ClusterApi api, ObjectName name) {
    String fields =
        "object.resource=%s,object.group=%s,object.name=%s"
            .formatted(name.kind().plural(), name.kind().group(), name.name());
    JsonNode[] found = new JsonNode[1];
    api.each(
        name.changes() + "?newestFirst=true&limit=100&fieldSelector=" + ClusterApi.query(fields),
        change -> {
          if (isFirst(change)) {
            found[0] = change;
          }
          return found[0] == null;
        });
    return Optional.ofNullable(found[0])
        .orElseThrow(() ->
            new StartFailure(
                "the journal has no such change of "
                    + name
                    + "; './shiplog history' shows those it has"));
  }

  private boolean isFirst(JsonNode change) {
    if (revision != null) {
      return change.at("/metadata/name").asLong() == revision;
    }
    return switch (change.path("operation").asText()) {
      case "Update" ->
          !isByTheSystem(change)
              && !ReadableObject.changedFields(change.path("before"), change.path("after"))
                  .isEmpty();
      default -> true;
    };
  }

  /** Controllers note something in what they work on: nothing begins with that. */
  private static boolean isByTheSystem(JsonNode change) {
    return change.at("/request/user/username").asText().startsWith("system:serviceaccount:kube-");
  }
}
