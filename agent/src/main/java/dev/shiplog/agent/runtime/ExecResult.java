package dev.shiplog.agent.runtime;

/**
 * How a command in a container ended.
 *
 * @param exitCode of the command; meaningless if it timed out
 * @param timedOut whether it was killed for taking too long
 * @param stdout its output, as UTF-8
 * @param stderr its errors, as UTF-8
 */
public record ExecResult(int exitCode, boolean timedOut, String stdout, String stderr) {

  public boolean succeeded() {
    return exitCode == 0 && !timedOut;
  }
}
