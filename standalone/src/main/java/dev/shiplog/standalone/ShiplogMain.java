package dev.shiplog.standalone;

import dev.shiplog.api.http.ConnectionPatience;
import dev.shiplog.standalone.cli.Shiplog;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Parses the command line; only {@code up} starts Quarkus, so that the others answer at once. */
@QuarkusMain
public final class ShiplogMain {

  private ShiplogMain() {}

  public static void main(String[] arguments) {
    ConnectionPatience.askNetty();
    System.exit(Shiplog.commandLine().execute(arguments));
  }
}
