package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.standalone.client.ClusterApi;
import dev.shiplog.standalone.client.ReadableObject;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells who changed an object, when, and what of it. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tell who changed an object, when, and what of it; the newest change comes first.",
      "Also of an object that is gone, as far back as the journal goes."
    })
final class HistoryCommand implements Callable<Integer> {

  private static final int MOST_FIELDS = 3;
  private static final int PAGE = 100;
  private static final String LINE = "%-10s %-20s %-8s %-28s %s%n";

  @Mixin private KubeOptions kube;

  @Mixin private ObjectOptions object;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Most changes to show; 0 for all. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Option(names = "--all", description = "Show changes of the status alone, too.")
  private boolean all;

  @Spec private CommandSpec spec;

  private int shown;
  private int statusAlone;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ClusterApi api = kube.api()) {
      ObjectName name = object.in(api);
      out.printf(LINE, "REVISION", "TIME", "WHAT", "WHO", "CHANGED");
      api.each(
          name.changes() + query(name),
          change -> {
            show(change, out);
            return !isEnough();
          });
    }
    if (statusAlone > 0) {
      out.printf("%d changes of the status alone are left out; --all shows them%n", statusAlone);
    }
    out.flush();
    return 0;
  }

  private static String query(ObjectName name) {
    String fields =
        "object.resource=%s,object.group=%s,object.name=%s"
            .formatted(name.kind().plural(), name.kind().group(), name.name());
    return "?newestFirst=true&limit=" + PAGE + "&fieldSelector=" + ClusterApi.query(fields);
  }

  private boolean isEnough() {
    return limit > 0 && shown >= limit;
  }

  private void show(JsonNode change, PrintWriter out) {
    Map<String, String> changed =
        ReadableObject.changedFields(change.path("before"), change.path("after"));
    String operation = change.path("operation").asText();
    if (operation.equals("Update") && changed.isEmpty() && !all) {
      statusAlone++;
      return;
    }
    shown++;
    out.printf(
        LINE,
        change.at("/metadata/name").asText(),
        change.at("/metadata/creationTimestamp").asText(),
        operation,
        shortened(change.at("/request/user/username").asText()),
        operation.equals("Update") ? summary(changed) : "");
  }

  private static String shortened(String user) {
    return user.replaceFirst("^system:serviceaccount:", "");
  }

  private static String summary(Map<String, String> changed) {
    if (changed.isEmpty()) {
      return "status";
    }
    String first =
        changed.entrySet().stream()
            .limit(MOST_FIELDS)
            .map(field -> field.getKey() + ": " + field.getValue())
            .collect(Collectors.joining("; "));
    int more = changed.size() - MOST_FIELDS;
    return more > 0 ? first + "; and " + more + " more" : first;
  }
}
