package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.client.ClusterApi;
import dev.shiplog.standalone.client.ReadableObject;
import dev.shiplog.topics.record.Json;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings a namespace back to what was wanted of it at an earlier moment. */
@Command(
    name = "rewind",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Bring a namespace back to what was wanted of it at an earlier revision or time. Shows what",
      "would change, asks, and does it as one transaction. docs/time-travel.md says what is not",
      "brought back: the status, Events, and what controllers make."
    })
final class RewindCommand implements Callable<Integer> {

  private static final int NOT_DONE = 3;

  @Mixin private KubeOptions kube;

  @Parameters(paramLabel = "NAMESPACE", description = "The namespace.")
  private String namespace;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "REVISION|TIME",
      description = "Where to go back to, for example 1234 or 2026-01-31T10:00:00Z.")
  private String to;

  @Option(
      names = "--except",
      split = ",",
      paramLabel = "KIND/NAME",
      description = "Leave these objects alone.")
  private List<String> except = List.of();

  @Option(names = "--dry-run", description = "Only show what would change.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ClusterApi api = kube.api()) {
      JsonNode plan = rewind(api, "?dryRun=All", "").path("status");
      show(plan, out);
      if (plan.path("operations").isEmpty()) {
        out.println("Nothing has to change.");
        out.flush();
        return 0;
      }
      if (dryRun) {
        return 0;
      }
      if (!yes && !isWanted()) {
        out.println("Nothing was changed.");
        out.flush();
        return NOT_DONE;
      }
      JsonNode done = rewind(api, "", plan.path("plan").asText()).path("status");
      out.printf(
          "Namespace %s is back at revision %s; it took effect as revision %s.%n",
          namespace, done.path("revision").asText(), done.path("committed").asText());
      out.flush();
      return 0;
    }
  }

  private JsonNode rewind(ClusterApi api, String query, String plan) {
    ObjectNode rewind = Json.MAPPER.createObjectNode();
    rewind.put("apiVersion", "shiplog.dev/v1").put("kind", "Rewind");
    ObjectNode wanted = rewind.putObject("spec").put("to", to);
    except.forEach(wanted.putArray("except")::add);
    if (!plan.isEmpty()) {
      wanted.put("plan", plan);
    }
    return api.post("/apis/shiplog.dev/v1/namespaces/" + namespace + "/rewinds" + query, rewind);
  }

  private static void show(JsonNode plan, PrintWriter out) {
    String revision = plan.path("revision").asText();
    for (JsonNode step : plan.path("operations")) {
      String name = name(step);
      out.printf("%s %s%n", step.path("operation").asText(), name);
      if (step.has("from") && step.has("to")) {
        ReadableObject.diff(
                ReadableObject.withoutStatus(step.get("from")),
                ReadableObject.withoutStatus(step.get("to")),
                name + " now",
                name + " at revision " + revision)
            .forEach(line -> out.println("    " + line));
      }
    }
    for (JsonNode left : plan.path("leftAlone")) {
      out.printf("Leave alone %s: %s%n", name(left), left.path("reason").asText());
    }
    out.flush();
  }

  private static String name(JsonNode one) {
    return one.path("kind").asText().toLowerCase(Locale.ROOT) + "/" + one.path("name").asText();
  }

  private boolean isWanted() {
    Console console = System.console();
    if (!console.isTerminal()) {
      throw new StartFailure("there is nobody to ask; --yes does it without asking");
    }
    String answer = console.readLine("Bring namespace %s back to this? [y/N] ", namespace);
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
