-- What each derived part was last derived from, so that a refresh leaves alone what did not change.
create table derived_stamp (part text not null, stamp text not null);
drop table revenue_stamp;
