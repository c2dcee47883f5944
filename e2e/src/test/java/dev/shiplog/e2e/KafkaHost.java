package dev.shiplog.e2e;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where Kafka nodes run. They all see the same network and the same files. */
interface KafkaHost {

  /** This machine: the packaged product has Kafka's jars. */
  static KafkaHost local() {
    return new Local();
  }

  /** The java command there. */
  String java();

  /** Kafka's class path there. */
  String classPath();

  /** Starts a node of Kafka; it may read and write the directory, and its output goes there. */
  Running start(List<String> command, Path directory);

  /** What logs, and all the rest. */
  List<String> JARS = List.of("boot", "main");

  /** The command that runs a class of Kafka's there. */
  default List<String> command(String main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                classPath(),
                main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A node that was started. */
  interface Running {

    /** As a power cut would: no goodbye. What the operating system has of its files stays. */
    void kill();

    /** Its process, where it is one of this machine. */
    long pid();
  }

  /** A process of this machine. */
  final class Local implements KafkaHost {

    private Local() {}

    @Override
    public String java() {
      return Path.of(System.getProperty("java.home")).resolve("bin").resolve("java").toString();
    }

    @Override
    public String classPath() {
      return JARS.stream().map(each -> jars(each) + "/*").collect(joining(":"));
    }

    @Override
    public Running start(List<String> command, Path directory) {
      try {
        return new LocalProcess(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                    ProcessBuilder.Redirect.appendTo(directory.resolve("kafka.out").toFile()))
                .start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Where the jars of the packaged product lie: {@link #JARS}, Kafka's in the last. */
    static Path jars(String which) {
      return Path.of(System.getProperty("shiplog.app")).resolve("lib").resolve(which);
    }
  }

  /** What runs on this machine. */
  record LocalProcess(Process process) implements Running {

    @Override
    public void kill() {
      try {
        process.destroyForcibly().waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    @Override
    public long pid() {
      return process.pid();
    }
  }
}
