package dev.shiplog.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.bootstrap.logging.QuarkusDelayedHandler;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class UnreadLogTest {

  private final Logger root = LogContext.getLogContext().getLogger("");
  private final Level levelBefore = root.getLevel();
  private final Handler[] handlersBefore = root.getHandlers();

  @BeforeEach
  void nobodyHasSaidWhereLinesGo() {
    root.setLevel(Level.ALL);
    root.setHandlers(new Handler[] {new QuarkusDelayedHandler()});
  }

  @AfterEach
  void asItWas() {
    root.setLevel(levelBefore);
    root.setHandlers(handlersBefore);
  }

  @Test
  void onlyWarningsAreSaidWhereNobodyReads() {
    UnreadLog.spare();

    org.slf4j.Logger kafka = LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient");
    assertThat(kafka.isInfoEnabled()).isFalse();
    assertThat(kafka.isWarnEnabled()).isTrue();
  }

  @Test
  void aLevelThatSomebodyHasSetStays() {
    root.setLevel(Level.FINE);

    UnreadLog.spare();

    assertThat(root.getLevel()).isEqualTo(Level.FINE);
  }

  @Test
  void whereSomebodyReadsNothingChanges() {
    root.setHandlers(new Handler[] {new ConsoleHandler()});

    UnreadLog.spare();

    assertThat(root.getLevel()).isEqualTo(Level.ALL);
  }
}
