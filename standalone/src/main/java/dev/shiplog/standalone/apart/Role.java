package dev.shiplog.standalone.apart;

/** What a process can be. */
public enum Role {
  API_SERVER("api-server") {
    @Override
    public int run() {
      return ApiServerProcess.serve();
    }
  },
  CONTROLLERS("controllers") {
    @Override
    public int run() {
      return LoneProcess.run(StreamsPart::controllers);
    }
  },
  SCHEDULER("scheduler") {
    @Override
    public int run() {
      return LoneProcess.run(StreamsPart::scheduler);
    }
  },
  AGENT("agent") {
    @Override
    public int run() {
      return LoneProcess.run((settings, faults) -> NodePart.of(settings));
    }
  };

  private final String word;

  Role(String word) {
    this.word = word;
  }

  /**
   * Runs it until the process is told to stop.
   *
   * @return the process's exit code
   * @throws dev.shiplog.standalone.StartFailure if it cannot start
   */
  public abstract int run();

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return word;
  }
}
