package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged product on a data directory of its own, driven by {@code ./shiplog} alone. */
final class Product implements AutoCloseable {

  private static final Duration UP_BOUND = Duration.ofMinutes(5);
  private static final Duration DOWN_BOUND = Duration.ofMinutes(2);

  private final Path data;
  private final int port;
  private final List<String> options;
  private final List<String> before = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  private Product(Path data, int port, List<String> options) {
    this.data = data;
    this.port = port;
    this.options = List.copyOf(options);
  }

  /** One that is not up yet, on a free port, with these options of {@code up}. */
  static Product on(Path data, String... options) {
    return new Product(data, FreePort.next(), List.of(options));
  }

  /** With a setting that is no option of {@code up}, by its environment variable. */
  Product with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** With words before each of its commands that say where it is to run. */
  Product before(List<String> words) {
    before.addAll(words);
    return this;
  }

  /** The checkout this test belongs to. */
  static Path checkout() {
    return Path.of(System.getProperty("shiplog.checkout"));
  }

  /** Brings it up; it must become ready. */
  Run up() {
    return tryUp().succeeded();
  }

  /** Brings it up, if that can be. */
  Run tryUp() {
    List<String> arguments = new ArrayList<>(List.of("up", "--detach", "--port", "" + port));
    arguments.addAll(options);
    return run(arguments, UP_BOUND);
  }

  Run down() {
    return run(List.of("down"), DOWN_BOUND).succeeded();
  }

  /** Runs any command of the product on this data directory. */
  Run run(List<String> arguments, Duration atMost) {
    List<String> command = new ArrayList<>(before);
    command.add(checkout().resolve("shiplog").toString());
    command.addAll(arguments);
    Map<String, String> told = new HashMap<>(environment);
    told.put("SHIPLOG_DATA_DIR", data.toString());
    return Run.of(command, told, atMost);
  }

  /** Ends the process as a power cut would: without a chance to say goodbye. */
  void kill() {
    try {
      ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
      process.destroyForcibly();
      process.onExit().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("could not kill the product", e);
    }
  }

  long pid() {
    return Long.parseLong(text("shiplog.pid").strip());
  }

  Kubectl kubectl() {
    return Kubectl.with(data.resolve("kubeconfig"));
  }

  String server() {
    return text("server").strip();
  }

  String adminToken() {
    return text("admin.token").strip();
  }

  /** Bootstrap servers of the embedded Kafka. */
  String kafka() {
    return text("kafka.bootstrap").strip();
  }

  Path data() {
    return data;
  }

  int port() {
    return port;
  }

  /** Stops it if it runs, and takes its node's containers along. */
  @Override
  public void close() {
    run(List.of("down"), DOWN_BOUND);
  }

  private String text(String file) {
    try {
      return Files.readString(data.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
