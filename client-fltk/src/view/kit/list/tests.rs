use super::*;

struct Plain {
    count: usize,
    chosen: Option<usize>,
}

impl Rows for Plain {
    fn len(&self) -> usize {
        self.count
    }

    fn row_height(&self) -> i32 {
        52
    }

    fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    fn choose(&mut self, index: usize) {
        self.chosen = Some(index);
    }

    fn name(&self) -> String {
        String::new()
    }

    fn label(&self, _: usize) -> String {
        String::new()
    }

    fn key(&self, index: usize) -> u64 {
        index as u64
    }

    fn paint(&self, _: usize, _: Rect, _: bool, _: bool) {}

    fn paint_edge(&self, _: Rect) {}
}

fn list(count: usize, chosen: Option<usize>) -> Inner<Plain> {
    Inner { rows: Plain { count, chosen }, top: 0, hovered: None, grip: None, is_on_bar: false }
}

#[test]
fn the_bar_scrolls_from_end_to_end_however_long_the_list() {
    let area = Rect::new(0, 100, 200, 2_000);
    for count in [39, 1_000, 40_000, 1_000_000] {
        let mut list = list(count, None);
        list.grip = Some(0);
        for (y, top) in [(9_999, list.whole() - area.h), (0, 0)] {
            list.drag_bar(area, y);
            assert_eq!(list.top, top);
        }
    }
}

#[test]
fn keys_always_act_upon_a_row_that_is_there() {
    for (count, chosen, expected) in [(0, None, None), (3, None, Some(0)), (3, Some(2), Some(2))] {
        assert_eq!(list(count, chosen).current(), expected);
    }
}
