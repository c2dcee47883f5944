package dev.shiplog.bench.abuse;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Product;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An abuse in a process of its own, which gets processor time when nobody else wants it: an abuser
 * is on a machine of its own, and must not slow the others down by using up this one.
 */
final class Abuser implements AutoCloseable {

  private static final long STOP_SECONDS = 60;

  private final Process process;
  private String counts = "0 0 0";

  private Abuser(Process process) {
    this.process = process;
  }

  /** Lets it begin. */
  static Abuser start(Abuse.Kind kind, int port, String token) throws IOException {
    List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Abuser.class.getName(), kind.name(), Integer.toString(port), token));
    return new Abuser(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** What became of its requests: answered, refused with 429, cut off; once it is closed. */
  String[] counts() {
    return counts.split(" ", -1);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    counts = process.inputReader().readLine();
    process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
  }

  /** The process: goes on until its input ends, and says what became of it. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    Client client = Product.client(port, arguments[2]);
    Abuse abuse = Abuse.of(Abuse.Kind.valueOf(arguments[0]), client, port, arguments[2]);
    abuse.start();
    long _ = System.in.transferTo(OutputStream.nullOutputStream());
    System.out.printf("%d %d %d%n", abuse.answered(), abuse.refused(), abuse.cutOff());
    System.out.flush();
    // Those that wait for an answer would wait for their time-outs.
    Runtime.getRuntime().halt(0);
  }
}
