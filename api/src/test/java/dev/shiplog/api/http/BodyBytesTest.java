package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyBytesTest {

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 10000", "10000, 10000", "5, 10000", "200000, 200000", "300000, 200000"})
  void whatCameIsThereWhateverWasExpected(int expected, int sent) {
    BodyBytes body = new BodyBytes(expected);
    byte[] all = new byte[sent];
    for (int i = 0; i < sent; i++) {
      all[i] = (byte) (i % 127);
    }
    for (int from = 0; from < sent; from += 999) {
      body.append(Buffer.buffer(all).slice(from, Math.min(sent, from + 999)));
    }

    assertThat(body.length()).isEqualTo(sent);
    assertThat(body.take()).isEqualTo(all);
  }
}
