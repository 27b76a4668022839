//! XAES-256-GCM: AES-256-GCM with a nonce that is long enough to be random.
//!
//! AES-256-GCM takes a nonce of 96 bits, of which one key may see no more than 2^32 random ones: half a day at a hundred thousand
//! commits a second. XAES-256-GCM (C2SP) has one of 192 bits: its first half derives a key (CMAC, as in NIST SP 800-108), its second half is
//! the nonce under that key. Here the first half is random for each batch, so that a batch derives once, and the second half for each record.

use std::fmt;
use std::sync::Arc;

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aes::cipher::BlockCipherEncrypt;
use aes_gcm::aes::{Aes256, Block};
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, Nonce, Tag};
use zeroize::Zeroizing;

/// Half a nonce.
pub(super) const HALF: usize = 12;
/// What is behind the text.
pub(super) const TAG: usize = 16;

/// A key and its id.
#[derive(Clone)]
pub(super) struct Key {
    id: Arc<str>,
    cipher: Arc<Aes256>,
    /// The subkey of CMAC for a whole block.
    subkey: Arc<Zeroizing<[u8; 16]>>,
}

impl Key {
    pub(super) fn new(id: &str, bytes: &[u8; 32]) -> Self {
        let cipher = Aes256::new(bytes.into());
        let mut block = Block::default();
        cipher.encrypt_block(&mut block);
        // Doubled in the field of 2^128.
        let number = u128::from_be_bytes(block.into());
        let carry = if number >> 127 == 1 { 0x87 } else { 0 };
        let subkey = Zeroizing::new(((number << 1) ^ carry).to_be_bytes());
        Self { id: id.into(), cipher: Arc::new(cipher), subkey: Arc::new(subkey) }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// What encrypts under the first half of a nonce.
    pub(super) fn derive(&self, first: &[u8; HALF]) -> Derived {
        let mut key = Zeroizing::new([0; 32]);
        for (half, number) in key.chunks_exact_mut(16).zip(1..) {
            let mut block = Block::from([0; 16]);
            let message = [0, number, b'X', 0].into_iter().chain(*first);
            for ((byte, subkey), message) in block.iter_mut().zip(self.subkey.iter()).zip(message) {
                *byte = subkey ^ message;
            }
            self.cipher.encrypt_block(&mut block);
            half.copy_from_slice(&block);
        }
        Derived(Aes256Gcm::new((&*key).into()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&&*self.id).finish()
    }
}

/// The key that the first half of a nonce has made.
pub(super) struct Derived(Aes256Gcm);

impl Derived {
    /// Encrypts `text` in its place; `None` if it is longer than the 64 GiB that AES-GCM allows.
    pub(super) fn seal(
        &self,
        second: [u8; HALF],
        with: &[u8],
        text: &mut [u8],
    ) -> Option<[u8; TAG]> {
        let nonce = Nonce::from(second);
        let tag = self.0.encrypt_inout_detached(&nonce, with, InOutBuf::from(text)).ok()?;
        Some(tag.into())
    }

    /// Decrypts `text` in its place; `None` if it, or what goes with it, is not what was encrypted.
    pub(super) fn open(
        &self,
        second: [u8; HALF],
        with: &[u8],
        text: &mut [u8],
        tag: [u8; TAG],
    ) -> Option<()> {
        let nonce = Nonce::from(second);
        let tag = Tag::from(tag);
        self.0.decrypt_inout_detached(&nonce, with, InOutBuf::from(text), &tag).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{HALF, Key};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
    }

    /// The examples of the specification: one whose subkey carries, and one whose subkey does not.
    #[test]
    fn it_is_the_cipher_of_the_specification() {
        let nonce = b"ABCDEFGHIJKLMNOPQRSTUVWX";
        let (first, second) = nonce.split_at(HALF);
        for (byte, with, sealed) in [
            (1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
            (
                3,
                "c2sp.org/XAES-256-GCM",
                "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
            ),
        ] {
            let derived = Key::new("1", &[byte; 32]).derive(first.try_into().unwrap());
            let second = second.try_into().unwrap();
            let mut text = *b"XAES-256-GCM";
            let tag = derived.seal(second, with.as_bytes(), &mut text).unwrap();
            assert_eq!(hex(&text) + &hex(&tag), sealed);
            derived.open(second, with.as_bytes(), &mut text, tag).unwrap();
            assert_eq!(&text, b"XAES-256-GCM");
        }
    }
}
