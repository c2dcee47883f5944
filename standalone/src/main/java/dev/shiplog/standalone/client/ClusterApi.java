package dev.shiplog.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.Client;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** The API of a cluster, in JSON. What it refuses is a sentence for the person at the terminal. */
public final class ClusterApi implements AutoCloseable {

  private final Client client;
  private final String namespace;

  private ClusterApi(Client client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Reaches the cluster that a kubeconfig names.
   *
   * @param context its current one if empty
   * @throws StartFailure if there is no such file or context
   */
  public static ClusterApi of(Path kubeconfig, Optional<String> context) {
    if (!Files.isReadable(kubeconfig)) {
      throw new StartFailure(
          "cannot read the kubeconfig " + kubeconfig + "; --kubeconfig names one");
    }
    try {
      Config config = Config.fromKubeconfig(context.orElse(null), kubeconfig.toFile());
      config.setRequestRetryBackoffLimit(0);
      // A rewind may read hours of the journal.
      config.setRequestTimeout(60_000);
      String namespace = config.getNamespace();
      return new ClusterApi(
          new KubernetesClientBuilder().withConfig(config).build(),
          namespace == null || namespace.isEmpty() ? "default" : namespace);
    } catch (KubernetesClientException e) {
      throw new StartFailure("the kubeconfig " + kubeconfig + " is of no use: " + e.getMessage());
    }
  }

  /** The namespace that the kubeconfig says. */
  public String namespace() {
    return namespace;
  }

  /**
   * What is at a path.
   *
   * @throws Refusal what the API says instead
   */
  public JsonNode get(String path) {
    return ask(path, "GET", null);
  }

  /**
   * Goes through a list, page by page, as long as the taker wants more.
   *
   * @param path of the list, with a query that says how long a page is
   */
  public void each(String path, Predicate<JsonNode> taker) {
    String next = "";
    while (next != null) {
      JsonNode page = get(path + next);
      for (JsonNode item : page.path("items")) {
        if (!taker.test(item)) {
          return;
        }
      }
      String token = page.at("/metadata/continue").asText("");
      next = token.isEmpty() ? null : "&continue=" + query(token);
    }
  }

  /** What the API makes of an object. */
  public JsonNode post(String path, JsonNode body) {
    return ask(path, "POST", body.toString());
  }

  /** What the API makes of a new content. */
  public JsonNode put(String path, JsonNode body) {
    return ask(path, "PUT", body.toString());
  }

  /** A text as part of a query. */
  public static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private JsonNode ask(String path, String method, String body) {
    try {
      String answer = client.raw(path, method, body);
      return Json.read(answer.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    } catch (KubernetesClientException e) {
      throw e.getStatus() == null || e.getCode() == 0
          ? new StartFailure("cannot reach the cluster: " + rootMessage(e))
          : new Refusal(e.getCode(), sentence(e.getStatus()));
    }
  }

  private static String rootMessage(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
  }

  /** The message, and a line for each cause if there are several. */
  private static String sentence(Status status) {
    boolean several =
        status.getDetails() != null
            && status.getDetails().getCauses() != null
            && status.getDetails().getCauses().size() > 1;
    if (!several) {
      return status.getMessage();
    }
    StringBuilder text = new StringBuilder("refused, and nothing was changed:");
    for (StatusCause cause : status.getDetails().getCauses()) {
      text.append("\n  ").append(cause.getField()).append(": ").append(cause.getMessage());
    }
    return text.toString();
  }

  @Override
  public void close() {
    client.close();
  }

  /** What the API refused. */
  public static final class Refusal extends StartFailure {
    private static final long serialVersionUID = 1L;
    private final int code;

    Refusal(int code, String sentence) {
      super(sentence);
      this.code = code;
    }

    public int code() {
      return code;
    }
  }
}
