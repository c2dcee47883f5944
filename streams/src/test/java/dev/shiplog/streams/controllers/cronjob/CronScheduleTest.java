package dev.shiplog.streams.controllers.cronjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * *            | 2026-01-01T00:00:30Z | 2026-01-01T00:01:00Z",
        "*/15 * * * *         | 2026-01-01T00:15:00Z | 2026-01-01T00:30:00Z",
        "5/20 * * * *         | 2026-01-01T00:06:00Z | 2026-01-01T00:25:00Z",
        "0 9-17/4 * * *       | 2026-01-01T09:00:00Z | 2026-01-01T13:00:00Z",
        "0 0 29 2 *           | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z",
        "0 0 * * MON          | 2026-01-01T00:00:00Z | 2026-01-05T00:00:00Z",
        "0 0 1 jan,JUL *      | 2026-01-01T00:00:00Z | 2026-07-01T00:00:00Z",
        "0 0 13 * 5           | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z",
        "0 0 */2 * 1          | 2026-01-01T00:00:00Z | 2026-01-03T00:00:00Z",
        "0 0 13 * ?           | 2026-01-01T00:00:00Z | 2026-01-13T00:00:00Z",
        "@hourly              | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z",
        "@weekly              | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
        "@yearly              | 2026-01-01T00:00:00Z | 2027-01-01T00:00:00Z",
      })
  void findsTheNextTime(String schedule, String after, String next) {
    assertThat(CronSchedule.parse(schedule, ZoneOffset.UTC).after(Instant.parse(after)))
        .contains(Instant.parse(next));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "1-2-3 * * * *",
        "@reboot",
        "* * 0 * *",
        "* * * * 7"
      })
  void refusesWhatIsNoSchedule(String schedule) {
    assertThatThrownBy(() -> CronSchedule.parse(schedule, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDayThatNeverComesIsNever() {
    assertThat(CronSchedule.parse("0 0 31 2 *", ZoneOffset.UTC).after(Instant.EPOCH)).isEmpty();
  }

  @Test
  void anHourLeftOutInSpringIsLeftOut() {
    assertThat(times("30 2 * * *", "2026-03-27T12:00:00Z", 3))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
  }

  @Test
  void anHourThatComesTwiceInAutumnComesTwice() {
    assertThat(times("30 2 * * *", "2026-10-24T12:00:00Z", 3))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void aTimeOfDayFollowsItsZone() {
    assertThat(times("0 12 * * *", "2026-03-28T00:00:00Z", 2))
        .containsExactly("2026-03-28T11:00:00Z", "2026-03-29T10:00:00Z");
  }

  private static List<String> times(String schedule, String after, int count) {
    List<String> times = new ArrayList<>();
    Optional<Instant> next = Optional.of(Instant.parse(after));
    for (int i = 0; i < count; i++) {
      next = CronSchedule.parse(schedule, BERLIN).after(next.orElseThrow());
      times.add(next.orElseThrow().toString());
    }
    return times;
  }
}
