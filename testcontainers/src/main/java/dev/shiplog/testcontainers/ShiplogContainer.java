package dev.shiplog.testcontainers;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kubernetes cluster in a container: Kafka, API server, controllers, scheduler and nodes that
 * take pods through their life without containers of their own. It keeps nothing. The image is the
 * one that {@code ./shiplog make-image FILE} writes and {@code docker load} takes.
 *
 * <pre>{@code
 * try (ShiplogContainer cluster = new ShiplogContainer().withNodes(3)) {
 *   cluster.start();
 *   Config config = Config.fromKubeconfig(cluster.kubeconfig());
 *   ...
 * }
 * }</pre>
 */
public class ShiplogContainer extends GenericContainer<ShiplogContainer> {

  /** The image of this version. */
  public static final String IMAGE = "shiplog:0.1.0-SNAPSHOT";

  /** Where the API server listens within the container. */
  public static final int API_PORT = 6443;

  /** The line of the container's output by which it is known to be ready, as a pattern. */
  public static final String READY_LINE = "ready after [0-9.]+ s\\s*";

  /** Where its files are within the container; the one place where the image may write. */
  private static final String DATA = "/tmp/shiplog";

  private static final String KUBECONFIG = DATA + "/kubeconfig";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern SERVER = Pattern.compile("(?m)^( *server: ).*$");

  private int nodes = 1;
  private String kubeconfig;

  /** One of this version's image. */
  public ShiplogContainer() {
    this(DockerImageName.parse(IMAGE));
  }

  /** One of an image that was named otherwise. */
  public ShiplogContainer(DockerImageName image) {
    super(image);
    addExposedPort(API_PORT);
    setWaitStrategy(Wait.forLogMessage(READY_LINE, 1).withStartupTimeout(PATIENCE));
  }

  /** How many simulated nodes it is to have; one unless said. */
  public ShiplogContainer withNodes(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a cluster has at least one node, not " + count);
    }
    nodes = count;
    return this;
  }

  /** What a client needs to be an administrator, from outside the container; once it runs. */
  public String kubeconfig() {
    if (kubeconfig == null) {
      throw new IllegalStateException("the container was not started");
    }
    return kubeconfig;
  }

  /** URL of the API server, from outside the container; once it runs. */
  public String server() {
    return "https://" + getHost() + ":" + getMappedPort(API_PORT);
  }

  /**
   * The arguments that the image is given.
   *
   * @param host name or address under which clients reach the container's ports; the server's
   *     certificate is for it, too
   */
  public static List<String> arguments(int nodes, String host) {
    return List.of(
        "up",
        "--data-dir",
        DATA,
        "--bind",
        "0.0.0.0",
        "--port",
        "" + API_PORT,
        "--advertise",
        host,
        "--runtime",
        "simulated",
        "--nodes",
        "" + nodes,
        "--no-install");
  }

  /** A kubeconfig as the container wrote it, for the place where its server is reached. */
  public static String reachedAt(String server, String kubeconfig) {
    Matcher line = SERVER.matcher(kubeconfig);
    if (!line.find()) {
      throw new IllegalArgumentException("the kubeconfig names no server");
    }
    return line.replaceFirst("$1" + Matcher.quoteReplacement(server));
  }

  @Override
  protected void configure() {
    setCommand(arguments(nodes, getHost()).toArray(String[]::new));
  }

  @Override
  protected void containerIsStarted(InspectContainerResponse container, boolean reused) {
    kubeconfig = reachedAt(server(), copyFileFromContainer(KUBECONFIG, ShiplogContainer::text));
  }

  private static String text(InputStream file) {
    try {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
