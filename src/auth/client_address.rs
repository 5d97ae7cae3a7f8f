//! From where a request comes, as far as it can be known.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};
use ipnet::IpNet;

/// Whose `X-Forwarded-For` counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TrustedProxies {
    /// Nobody's: whoever connects is the client.
    #[default]
    None,
    /// That of whoever connects: nothing but the proxy reaches the portal.
    Any,
    /// That of these addresses; one that connects from elsewhere is the client itself.
    These(Vec<IpNet>),
}

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::These(networks) => networks.iter().any(|network| network.contains(&address)),
        }
    }

    /// Who sent the request. The header's values are read from the last one on, over all of its lines: each proxy adds its
    /// peer at the end, and what stands further to the front may be made up.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer;
        }
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        let told = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut client = peer;
        for address in told {
            // What no proxy would write ends what can be known.
            let Some(address) = read(address) else { break };
            client = address;
            // Of proxies without a list of their own, there is one.
            if *self == Self::Any || !self.trusts(address) {
                break;
            }
        }
        client
    }
}

/// An address as proxies write it: some add a port.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse().ok();
    let address = address.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// From where a request comes; nowhere, where that cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(Option<IpAddr>);

impl ClientAddress {
    /// That of a request.
    #[must_use]
    pub fn of(proxies: &TrustedProxies, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|peer| peer.0.ip().to_canonical());
        Self(peer.map(|peer| proxies.client(peer, headers)))
    }

    /// What is counted as one: with IPv6 the first 64 bits, which one customer has all of (RFC 6177).
    #[must_use]
    pub fn network(self) -> String {
        match self.0 {
            Some(IpAddr::V6(address)) => {
                let prefix = u128::from(address) >> 64 << 64;
                format!("{}/64", Ipv6Addr::from(prefix))
            }
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |address| address.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(proxies: &TrustedProxies, peer: &str, lines: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let mut extensions = Extensions::new();
        let peer: IpAddr = peer.parse().expect("an address");
        extensions.insert(ConnectInfo(SocketAddr::from((peer, 1))));
        ClientAddress::of(proxies, &headers, &extensions).to_string()
    }

    #[test]
    fn the_last_value_of_all_lines_counts() {
        let any = TrustedProxies::Any;
        for (lines, expected) in [
            (&[][..], "10.0.0.1"),
            (&["1.1.1.1"], "1.1.1.1"),
            (&["9.9.9.9, 1.1.1.1"], "1.1.1.1"),
            (&["9.9.9.9", "1.1.1.1"], "1.1.1.1"),
            (&["9.9.9.9", "8.8.8.8 , 1.1.1.1:4711"], "1.1.1.1"),
            (&["1.1.1.1", "[2001:db8::1]:80"], "2001:db8::1"),
            (&["::ffff:1.1.1.1"], "1.1.1.1"),
            (&["1.1.1.1", "unknown"], "10.0.0.1"),
            (&["1.1.1.1,"], "10.0.0.1"),
        ] {
            assert_eq!(client(&any, "10.0.0.1", lines), expected, "{lines:?}");
            assert_eq!(client(&TrustedProxies::None, "10.0.0.1", lines), "10.0.0.1");
        }
    }

    #[test]
    fn known_proxies_are_passed_over_and_nobody_else_is_believed() {
        let networks = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network"));
        let these = TrustedProxies::These(networks.to_vec());
        for (peer, lines, expected) in [
            ("10.0.0.1", &["9.9.9.9", "1.1.1.1, 10.2.0.7"][..], "1.1.1.1"),
            ("10.0.0.1", &["10.9.9.9, 10.2.0.7"], "10.9.9.9"),
            ("10.0.0.1", &["1.1.1.1, made up, 10.2.0.7"], "10.2.0.7"),
            ("fd00::1", &["1.1.1.1"], "1.1.1.1"),
            ("::ffff:10.0.0.1", &["1.1.1.1"], "1.1.1.1"),
            ("7.7.7.7", &["1.1.1.1"], "7.7.7.7"),
        ] {
            assert_eq!(client(&these, peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn ipv6_is_counted_by_its_first_half() {
        let network = |text: &str| ClientAddress(text.parse().ok()).network();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network(""), "");
    }
}
