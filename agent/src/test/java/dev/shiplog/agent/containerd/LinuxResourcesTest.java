package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerResources;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LinuxResourcesTest {

  private static final LinuxResources RESOURCES = new LinuxResources(false);

  private static Cri.LinuxContainerResources cpu(long requestMillis, OptionalLong limitMillis) {
    return RESOURCES.message(
        new ContainerResources(
            requestMillis, limitMillis, 0, OptionalLong.empty(), OptionalInt.empty()));
  }

  private static ContainerResources memory(long limit) {
    return new ContainerResources(
        0, OptionalLong.empty(), 0, OptionalLong.of(limit), OptionalInt.of(500));
  }

  @ParameterizedTest
  @CsvSource({"1000, 1024", "100, 102", "0, 2", "1, 2", "1000000, 262144"})
  void aRequestOfProcessorTimeBecomesShares(long millis, long shares) {
    assertThat(cpu(millis, OptionalLong.empty()).getCpuShares()).isEqualTo(shares);
  }

  @Test
  void aLimitWithoutARequestCountsAsOne() {
    assertThat(cpu(0, OptionalLong.of(500)).getCpuShares()).isEqualTo(512);
  }

  @ParameterizedTest
  @CsvSource({"1000, 100000", "250, 25000", "1, 1000"})
  void aLimitOfProcessorTimeBecomesAQuotaOfEachPeriod(long millis, long quota) {
    Cri.LinuxContainerResources message = cpu(0, OptionalLong.of(millis));

    assertThat(message.getCpuPeriod()).isEqualTo(100_000);
    assertThat(message.getCpuQuota()).isEqualTo(quota);
  }

  @Test
  void withoutALimitThereIsNoQuota() {
    assertThat(cpu(1000, OptionalLong.empty()).getCpuQuota()).isZero();
  }

  @Test
  void aMemoryLimitIsForMemoryAndSwapTogetherWhereSwapIsCounted() {
    assertThat(new LinuxResources(true).message(memory(64 << 20)).getMemorySwapLimitInBytes())
        .isEqualTo(64 << 20);
    assertThat(RESOURCES.message(memory(64 << 20)).getMemorySwapLimitInBytes()).isZero();
  }

  @Test
  void theOomScoreIsHandedOn() {
    assertThat(RESOURCES.message(memory(1)).getOomScoreAdj()).isEqualTo(500);
  }
}
