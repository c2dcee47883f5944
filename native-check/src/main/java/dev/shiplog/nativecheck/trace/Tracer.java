package dev.shiplog.nativecheck.trace;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Notes what a program reaches by reflection: {@code -javaagent:JAR=DIRECTORY}. Each process writes
 * a file of its own there.
 */
public final class Tracer {

  private Tracer() {}

  /** Called by the virtual machine before the program. */
  public static void premain(String directory, Instrumentation program) throws IOException {
    Path into = Files.createDirectories(Path.of(directory));
    Uses.writeTo(into.resolve(ProcessHandle.current().pid() + ".uses"));
    program.addTransformer(new CallSites("dev/shiplog/nativecheck/"));
  }
}
