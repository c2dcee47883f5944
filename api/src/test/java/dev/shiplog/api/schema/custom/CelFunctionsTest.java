package dev.shiplog.api.schema.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.bundle.Cel;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions that Kubernetes documents beside CEL's own, by its own kind of examples. */
class CelFunctionsTest {

  private static final Cel CEL = CelLibrary.builder().addVar("unknown", SimpleType.DYN).build();

  private static Object value(String expression) throws Exception {
    return CelBudget.eval(
        CEL.createProgram(CEL.compile(expression).getAst()), Map.of("unknown", "10Mi"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quantity('1Gi') == quantity('1024Mi')",
        "quantity('1').isLessThan(quantity('1001m'))",
        "quantity('50k').isGreaterThan(quantity('1'))",
        "quantity('200M').compareTo(quantity('0.2G')) == 0",
        "quantity('5').add(quantity('-5')).sign() == 0",
        "quantity('5').sub(2) == quantity('3')",
        "quantity('50k').isInteger() && quantity('50k').asInteger() == 50000",
        "!quantity('1500m').isInteger() && quantity('1500m').asApproximateFloat() == 1.5",
        "isQuantity('20Mi') && !isQuantity('20Mo')",
        "quantity(unknown).isLessThan(quantity('1Gi'))",
        "isIP('fe80::1') && !isIP('010.0.0.1') && !isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0')",
        "ip('127.0.0.1').family() == 4 && ip('::1').family() == 6",
        "ip('127.0.0.1').isLoopback() && ip('0.0.0.0').isUnspecified()",
        "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
        "ip('224.0.0.1').isLinkLocalMulticast() && ip('fe80::1').isLinkLocalUnicast()",
        "ip.isCanonical('::1') && !ip.isCanonical('0:0:0:0:0:0:0:1')",
        "string(ip('::1')) == '::1' && string(cidr('10.0.0.0/8')) == '10.0.0.0/8'",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP('11.1.2.3')",
        "cidr('10.0.0.0/8').containsIP(ip('10.0.0.1')) && cidr('10.0.0.0/8').prefixLength() == 8",
        "cidr('10.0.0.0/8').containsCIDR('10.9.0.0/16')",
        "!cidr('10.9.0.0/16').containsCIDR(cidr('10.0.0.0/8'))",
        "cidr('10.9.8.7/8').masked() == cidr('10.0.0.0/8') && cidr('10.9.8.7/8').ip() == ip('10.9.8.7')",
        "isCIDR('::/0') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0')",
        "url('https://example.com:80/path?k=a&k=b').getScheme() == 'https'",
        "url('https://example.com:80/').getHost() == 'example.com:80'",
        "url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getPort() == '80'",
        "url('/a%20b?k=a&k=b&l').getEscapedPath() == '/a%20b'",
        "url('/a?k=a&k=b&l').getQuery() == {'k': ['a', 'b'], 'l': ['']}",
        "isURL('https://a/') && !isURL('a/b')",
        "semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3",
        "semver('1.2.3-rc.2').isLessThan(semver('1.2.3')) && semver('1.2.3-rc.10').isGreaterThan(semver('1.2.3-rc.2'))",
        "isSemver('1.0.0') && !isSemver('1.0') && semver('1.0.0+a').compareTo(semver('1.0.0')) == 0",
        "!format.dns1123Label().validate('my-name').hasValue()",
        "format.dns1123Label().validate('My_name').value().size() == 1",
        "format.named('uuid').hasValue() && !format.named('nothing').hasValue()",
        "format.dns1123LabelPrefix().validate('my-') == optional.none()"
      })
  void aDocumentedExpressionHolds(String expression) throws Exception {
    assertThat(value(expression)).as(expression).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quantity('x')",
        "quantity('1500m').asInteger()",
        "ip('x')",
        "cidr('1.2.3.4')",
        "url('a b')",
        "semver('1')"
      })
  void aValueThatIsNoneIsAFailureOfTheExpression(String expression) {
    assertThatThrownBy(() -> value(expression)).isInstanceOf(CelEvaluationException.class);
  }

  @Test
  void whatGoesOnForTooLongOrGrowsTooLargeIsGivenUp() {
    String list = "[" + "0,".repeat(99) + "0]";
    String loops = "%1$s.all(a, %1$s.all(b, %1$s.all(c, %1$s.all(d, true))))".formatted(list);
    StringBuilder doubling = new StringBuilder("cel.bind(a0, 'xxxxxxxxxx', ");
    for (int i = 1; i <= 40; i++) {
      doubling.append("cel.bind(a%d, a%d + a%d, ".formatted(i, i - 1, i - 1));
    }
    doubling.append("a40.size() > 0").append(")".repeat(41));

    for (String costly : new String[] {loops, doubling.toString()}) {
      assertThatThrownBy(() -> value(costly))
          .isInstanceOf(CelEvaluationException.class)
          .hasMessageContaining("actual cost limit exceeded");
    }
  }

  @Test
  void whatAFunctionCannotBeGivenIsFoundWhenItIsCompiled() {
    assertThat(CEL.compile("quantity(1)").hasError()).isTrue();
    assertThat(CEL.compile("ip('::1').isLessThan(ip('::2'))").hasError()).isTrue();
    assertThat(CEL.compile("quantity('1').isLessThan(semver('1.0.0'))").hasError()).isTrue();
  }

  @Test
  void aSelectorOfDevicesIsChecked() {
    assertThat(DeviceSelectors.problem("device.driver == 'a.example.org'")).isEmpty();
    assertThat(
            DeviceSelectors.problem(
                "device.attributes['a.example.org'].model == 'x' &&"
                    + " device.capacity['a.example.org'].memory.compareTo(quantity('40Gi')) >= 0"))
        .isEmpty();
    assertThat(DeviceSelectors.problem("device.drivers == 'a'").orElse(""))
        .contains("compilation failed", "drivers");
    assertThat(DeviceSelectors.problem("device.driver").orElse(""))
        .isEqualTo("must evaluate to bool or the unknown type, not string");
    assertThat(DeviceSelectors.problem("device.capacity['a'].b > 3").orElse(""))
        .contains("compilation failed");
    assertThat(DeviceSelectors.problem("true" + " ".repeat(10 * 1024))).isPresent();
  }
}
