package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.client.ClusterApi;
import dev.shiplog.standalone.client.Kinds;
import dev.shiplog.standalone.client.Manifests;
import dev.shiplog.topics.record.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Applies manifests so that all of them take effect, or none. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Apply manifests (server-side) as one transaction: all of them take effect, or none does and",
      "every refusal is listed."
    })
final class ApplyCommand implements Callable<Integer> {

  private static final Pattern PLACE = Pattern.compile("spec\\.operations\\[(\\d+)]");

  @Mixin private KubeOptions kube;

  @Option(
      names = "--atomic",
      description = "Needed: applying one object after the other is what kubectl is for.")
  private boolean atomic;

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "DIR|FILE|-",
      description = "Manifests in YAML or JSON: a file, a directory with files, or - for stdin.")
  private List<String> sources;

  @Option(
      names = {"-R", "--recursive"},
      description = "Look into the directories of a directory, too.")
  private boolean recursive;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Of objects that name none. Default: what the kubeconfig says")
  private String namespace;

  @Option(
      names = "--field-manager",
      paramLabel = "NAME",
      defaultValue = "shiplog",
      description = "Who is to own the fields. Default: ${DEFAULT-VALUE}")
  private String manager;

  @Option(names = "--force-conflicts", description = "Take fields from other managers.")
  private boolean force;

  @Option(names = "--dry-run", description = "Judge everything, change nothing.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!atomic) {
      throw new StartFailure("only --atomic is offered here; use kubectl apply without it");
    }
    List<ObjectNode> objects = Manifests.read(sources, recursive);
    if (objects.isEmpty()) {
      throw new StartFailure("there are no objects in " + String.join(", ", sources));
    }
    try (ClusterApi api = kube.api()) {
      Kinds kinds = new Kinds(api);
      objects.forEach(object -> place(object, kinds, api));
      report(post(api, objects).path("status"));
    }
    return 0;
  }

  private JsonNode post(ClusterApi api, List<ObjectNode> objects) {
    try {
      return api.post(
          "/apis/shiplog.dev/v1/transactions" + (dryRun ? "?dryRun=All" : ""),
          transaction(objects));
    } catch (ClusterApi.Refusal refusal) {
      throw new StartFailure(named(refusal.getMessage(), objects));
    }
  }

  /** Says of which object a refusal is, in the place of its number. */
  private static String named(String message, List<ObjectNode> objects) {
    return PLACE
        .matcher(message)
        .replaceAll(
            found -> Matcher.quoteReplacement(name(objects.get(Integer.parseInt(found.group(1))))));
  }

  private static String name(JsonNode object) {
    return object.path("kind").asText().toLowerCase(Locale.ROOT)
        + "/"
        + object.at("/metadata/name").asText();
  }

  private void place(ObjectNode object, Kinds kinds, ClusterApi api) {
    Kinds.Kind kind = kinds.of(object.path("apiVersion").asText(), object.path("kind").asText());
    ObjectNode metadata = object.withObject("/metadata");
    if (kind.namespaced() && !metadata.hasNonNull("namespace")) {
      metadata.put("namespace", namespace == null ? api.namespace() : namespace);
    }
  }

  private ObjectNode transaction(List<ObjectNode> objects) {
    ObjectNode transaction = Json.MAPPER.createObjectNode();
    transaction.put("apiVersion", "shiplog.dev/v1").put("kind", "Transaction");
    ArrayNode operations = transaction.putObject("spec").putArray("operations");
    for (ObjectNode object : objects) {
      operations
          .addObject()
          .put("operation", "Apply")
          .put("fieldManager", manager)
          .put("force", force)
          .set("object", object);
    }
    return transaction;
  }

  private void report(JsonNode status) {
    PrintWriter out = spec.commandLine().getOut();
    for (JsonNode result : status.path("results")) {
      JsonNode object = result.path("object");
      out.printf(
          "%s %s%s%n",
          name(object),
          result.path("result").asText().toLowerCase(Locale.ROOT),
          dryRun ? " (dry run)" : "");
      result.path("warnings").forEach(warning -> out.println("Warning: " + warning.asText()));
    }
    if (status.has("revision")) {
      out.printf("all at once, as revision %s%n", status.path("revision").asText());
    }
    out.flush();
  }
}
