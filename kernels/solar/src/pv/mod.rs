//! Photovoltaics: usable area, cell temperature, yield, money.
