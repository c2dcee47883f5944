package dev.shiplog.example.seats;

import dev.shiplog.scheduler.config.Args;
import dev.shiplog.scheduler.config.PluginFactory;
import dev.shiplog.scheduler.framework.Plugin;
import java.time.Duration;

/**
 * Makes the plugin by its arguments: {@code seats}, how many there are of every licence; {@code
 * together}, how many pods of a licence must have one before the first is bound; {@code
 * waitSeconds}, how long they wait for each other.
 */
public final class SeatsFactory implements PluginFactory {

  @Override
  public String name() {
    return Seats.NAME;
  }

  @Override
  public Plugin create(Args args) {
    args.knows("seats", "together", "waitSeconds");
    int seats = args.integer("seats", 1, 1, 10_000);
    return new Seats(
        seats,
        args.integer("together", 1, 1, seats),
        Duration.ofSeconds(args.integer("waitSeconds", 30, 1, 600)));
  }
}
