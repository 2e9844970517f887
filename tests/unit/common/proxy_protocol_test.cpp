#include "common/net/proxy_protocol.hpp"

#include <gtest/gtest.h>

#include "support/proxy_header.hpp"

namespace tongs::net {
namespace {

using namespace std::string_literals;
using test::proxy_field;
using test::ProxyHeaderParts;

const std::string kAddresses6 =
    "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01"s + std::string(16, '\x02') + "\x10\x92\x01\xbb"s;
const std::string kPaths = "/run/a.sock"s + std::string(97, '\0') + std::string(108, '\0');
/// The CRC32C of a header that has nothing but this field behind addresses of IPv4.
const std::string kChecksum = "\x47\xf9\x63\xac"s;

struct Sound {
  const char* name;
  std::string bytes;
  const char* source;
  bool tls = false;
};

class ProxyProtocolTakes : public ::testing::TestWithParam<Sound> {};

TEST_P(ProxyProtocolTakes, the_header_alone_and_not_before_it_is_complete) {
  const auto& [name, bytes, source, tls] = GetParam();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto header = parse_proxy_header(std::string_view(bytes).substr(0, size));
    ASSERT_TRUE(header) << size << ": " << header.error().message();
    EXPECT_FALSE(*header) << size;
  }
  for (const std::string& behind : {""s, "\r\n"s, "\0"s, "GET / HTTP/1.1\r\n"s, "\x16\x03\x01"s, bytes}) {
    const auto header = parse_proxy_header(bytes + behind);
    ASSERT_TRUE(header) << header.error().message();
    ASSERT_TRUE(*header);
    EXPECT_EQ((*header)->size, bytes.size());
    EXPECT_EQ((*header)->source, source);
    EXPECT_EQ((*header)->tls, tls);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Headers, ProxyProtocolTakes,
    ::testing::Values(
        Sound{"line_of_ipv4", "PROXY TCP4 192.0.2.1 198.51.100.2 4242 443\r\n", "192.0.2.1"},
        Sound{"line_of_ipv4_at_its_longest", "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
              "255.255.255.255"},
        Sound{"line_of_ipv6", "PROXY TCP6 2001:DB8::1 ::1 0 65535\r\n", "2001:db8::1"},
        Sound{"line_of_ipv4_in_ipv6", "PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "::ffff:192.0.2.1"},
        Sound{"line_of_unknown", "PROXY UNKNOWN\r\n", ""},
        Sound{"line_of_unknown_with_more", "PROXY UNKNOWN ffff::1 what ever\r\n", ""},
        Sound{"line_of_107_bytes", "PROXY UNKNOWN " + std::string(91, 'x') + "\r\n", ""},
        Sound{"ipv4", ProxyHeaderParts{}.bytes(), "192.0.2.1"},
        Sound{"ipv6", ProxyHeaderParts{.family = 0x21, .addresses = kAddresses6}.bytes(), "2001:db8::1"},
        Sound{"unix_socket", ProxyHeaderParts{.family = 0x31, .addresses = kPaths}.bytes(), "unix"},
        Sound{"fields",
              ProxyHeaderParts{.fields = proxy_field(1, "h2") + proxy_field(4, "") +
                                         proxy_field(0xea, std::string(300, 'x'))}
                  .bytes(),
              "192.0.2.1"},
        Sound{"fields_to_the_limit",
              ProxyHeaderParts{.fields = proxy_field(4, std::string(4096 - 16 - 12 - 3, '\0'))}.bytes(),
              "192.0.2.1"},
        Sound{"tls", ProxyHeaderParts{.fields = proxy_field(0x20, "\x01\0\0\0\0"s)}.bytes(), "192.0.2.1",
              true},
        Sound{"tls_with_certificate_and_version",
              ProxyHeaderParts{.fields = proxy_field(4, "") +
                                         proxy_field(0x20, "\x07\0\0\0\0"s + proxy_field(0x21, "TLSv1.3"))}
                  .bytes(),
              "192.0.2.1", true},
        Sound{"tls_not_spoken", ProxyHeaderParts{.fields = proxy_field(0x20, "\0\0\0\0\0"s)}.bytes(),
              "192.0.2.1"},
        Sound{"tls_of_a_local_header",
              ProxyHeaderParts{.version_and_command = 0x20, .fields = proxy_field(0x20, "\x01\0\0\0\0"s)}
                  .bytes(),
              ""},
        Sound{"checksum", ProxyHeaderParts{.fields = proxy_field(3, kChecksum)}.bytes(), "192.0.2.1"},
        Sound{"local", ProxyHeaderParts{.version_and_command = 0x20}.bytes(), ""},
        Sound{"local_without_anything",
              ProxyHeaderParts{.version_and_command = 0x20, .family = 0, .addresses = ""}.bytes(), ""},
        Sound{"local_with_nonsense",
              ProxyHeaderParts{.version_and_command = 0x20, .family = 0xff, .addresses = "nonsense"}.bytes(),
              ""},
        Sound{"unspecified", ProxyHeaderParts{.family = 0, .addresses = ""}.bytes(), ""},
        Sound{"unspecified_with_more", ProxyHeaderParts{.family = 1, .addresses = "more"}.bytes(), ""}),
    [](const auto& test) { return test.param.name; });

struct Unsound {
  const char* name;
  std::string bytes;
};

class ProxyProtocolRefuses : public ::testing::TestWithParam<Unsound> {};

TEST_P(ProxyProtocolRefuses, what_is_no_header_whatever_follows) {
  for (const std::string& behind : {""s, "\r\n"s, "PROXY UNKNOWN\r\n"s, std::string(5000, '\0')}) {
    const auto header = parse_proxy_header(GetParam().bytes + behind);
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error().code(), Errc::invalid_argument);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Headers, ProxyProtocolRefuses,
    ::testing::Values(
        Unsound{"request", "GET / HTTP/1.1\r\n"}, Unsound{"tls", "\x16\x03\x01"}, Unsound{"nul", "\0"s},
        Unsound{"post", "PO"}, Unsound{"lower_case", "proxy"}, Unsound{"tab", "PROXY\t"},
        Unsound{"two_empty_lines", "\r\n\r\nG"},
        Unsound{"signature_with_another_end", "\r\n\r\n\0\r\nQUIT\r"s},
        Unsound{"line_without_a_family", "PROXY \r\n"},
        Unsound{"line_of_another_family", "PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n"},
        Unsound{"line_of_datagrams", "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n"},
        Unsound{"line_of_unknown_and_more_letters", "PROXY UNKNOWNS\r\n"},
        Unsound{"line_of_the_other_family", "PROXY TCP4 2001:db8::1 ::1 1 2\r\n"},
        Unsound{"line_of_the_other_family_6", "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n"},
        Unsound{"line_of_two_families", "PROXY TCP4 192.0.2.1 ::1 1 2\r\n"},
        Unsound{"line_with_a_zone", "PROXY TCP6 fe80::1%1 fe80::2 1 2\r\n"},
        Unsound{"line_with_a_name", "PROXY TCP4 localhost 192.0.2.2 1 2\r\n"},
        Unsound{"line_with_an_octal_number", "PROXY TCP4 010.0.0.1 192.0.2.2 1 2\r\n"},
        Unsound{"line_with_a_nul", "PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n"s},
        Unsound{"line_without_an_address", "PROXY TCP4  192.0.2.2 1 2\r\n"},
        Unsound{"line_without_ports", "PROXY TCP4 192.0.2.1 192.0.2.2\r\n"},
        Unsound{"line_without_a_port", "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n"},
        Unsound{"line_with_a_large_port", "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n"},
        Unsound{"line_with_a_negative_port", "PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n"},
        Unsound{"line_with_a_padded_port", "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n"},
        Unsound{"line_with_two_spaces", "PROXY TCP4 192.0.2.1 192.0.2.2  1 2\r\n"},
        Unsound{"line_with_a_space_behind", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n"},
        Unsound{"line_with_more", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n"},
        Unsound{"line_of_108_bytes", "PROXY UNKNOWN " + std::string(92, 'x') + "\r\n"},
        Unsound{"line_without_an_end", "PROXY UNKNOWN " + std::string(93, 'x')},
        Unsound{"line_with_a_bare_line_feed", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n" + std::string(80, ' ')},
        Unsound{"version_1", ProxyHeaderParts{.version_and_command = 0x11}.bytes()},
        Unsound{"version_3", ProxyHeaderParts{.version_and_command = 0x31}.bytes()},
        Unsound{"command_2", ProxyHeaderParts{.version_and_command = 0x22}.bytes()},
        Unsound{"family_4", ProxyHeaderParts{.family = 0x41}.bytes()},
        Unsound{"datagrams", ProxyHeaderParts{.family = 0x12}.bytes()},
        Unsound{"neither_streams_nor_datagrams", ProxyHeaderParts{.family = 0x10}.bytes()},
        Unsound{"unspecified_family_of_a_third_kind", ProxyHeaderParts{.family = 0x03}.bytes()},
        Unsound{"no_addresses", ProxyHeaderParts{.addresses = ""}.bytes()},
        Unsound{"addresses_cut_by_the_length", ProxyHeaderParts{.length = 11}.bytes()},
        Unsound{"addresses_of_the_other_family", ProxyHeaderParts{.family = 0x21}.bytes()},
        Unsound{"ipv6_cut", ProxyHeaderParts{.family = 0x21, .addresses = kAddresses6.substr(1)}.bytes()},
        Unsound{"unix_socket_cut", ProxyHeaderParts{.family = 0x31, .addresses = kPaths.substr(1)}.bytes()},
        Unsound{"past_the_limit", ProxyHeaderParts{.length = 4096 - 16 + 1}.bytes()},
        Unsound{"length_of_64_kib", ProxyHeaderParts{.length = 0xffff}.bytes()},
        Unsound{"field_of_one_byte", ProxyHeaderParts{.fields = "\x04"}.bytes()},
        Unsound{"field_of_two_bytes", ProxyHeaderParts{.fields = "\x04\0"s}.bytes()},
        Unsound{"field_longer_than_the_header", ProxyHeaderParts{.fields = "\x04\0\x02x"s}.bytes()},
        Unsound{"field_of_64_kib", ProxyHeaderParts{.fields = "\x04\xff\xffx"s}.bytes()},
        Unsound{"second_field_cut", ProxyHeaderParts{.fields = proxy_field(1, "h2") + "\x01\0"s}.bytes()},
        Unsound{"tls_short", ProxyHeaderParts{.fields = proxy_field(0x20, "\x01\0\0\0"s)}.bytes()},
        Unsound{"checksum_wrong", ProxyHeaderParts{.fields = proxy_field(3, "\x47\xf9\x63\xad")}.bytes()},
        Unsound{"checksum_of_other_addresses",
                ProxyHeaderParts{.addresses = std::string(12, '\x01'), .fields = proxy_field(3, kChecksum)}
                    .bytes()},
        Unsound{"checksum_short", ProxyHeaderParts{.fields = proxy_field(3, "\x47\xf9\x63")}.bytes()}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace tongs::net
